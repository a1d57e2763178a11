// What the library is told by its configuration file. It is read at C_Initialize; the file's path, its content and the
// trust anchors are then kept for the life of the process and across fork, because servers such as nginx clear the
// environment of their workers and run them as a user who may not read root's files.
//
// The file is the one named by $STRONGROOM_PKCS11_CONFIG, else /opt/cloudhsm/etc/cloudhsm-pkcs11.cfg. Two forms are
// understood, recognised by their members:
//   ours      {"clusters":[{"cluster_id","label","ca_file","cluster_key_sha256","hsms":[{"address","port"}],
//              "key_types":["RSA","EC"]}],
//              "log":{"file","level"},"retry_seconds":10}
//   CloudHSM  {"clusters":[{"type":"hsm1","cluster":{"hsm_ca_file","cluster_id",
//              "servers":[{"hostname","port","enable"}],"key_types":["RSA","EC"]}}],"logging":{"log_type","log_file","log_level"}}
// key_types, where it is given: the application finds no keys of other types, unless it asks for their type. For hosts that
// give up at a key that they do not know, as libp11 0.4.12 does (docs/pkcs11.md).
#ifndef STRONGROOM_CONFIG_H
#define STRONGROOM_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "log.h"

enum { SR_MAX_CLUSTERS = 16, SR_MAX_HSMS = 28, SR_MAX_CA_SIZE = 128 << 10, SR_MAX_KEY_TYPES = 32 };

struct sr_hsm_address {
  char host[254];  // address or name
  uint16_t port;
};

struct sr_cluster_config {
  char cluster_id[33];  // empty: not told
  char label[33];
  char ca_file[1024];
  char client_certificate[1024], client_key[1024];  // paths, for clusters that enforce mTLS; empty: none
  char *ca;  // PEM
  size_t ca_size;
  uint8_t key_hash[32];  // SHA-256 of the cluster certificate's SubjectPublicKeyInfo
  bool has_key_hash;
  struct sr_hsm_address hsms[SR_MAX_HSMS];
  unsigned hsm_count;
  uint64_t key_types[SR_MAX_KEY_TYPES];  // CK_KEY_TYPE; those that are found
  unsigned key_type_count;               // 0: all
};

struct sr_config {
  char path[1024];
  struct sr_cluster_config clusters[SR_MAX_CLUSTERS];
  unsigned cluster_count;
  char log_file[1024];  // empty: standard error
  enum sr_log_level log_level;
  unsigned retry_milliseconds;  // for how long a call waits for an HSM to come back
};

// CloudHSM's file for this kind of library: the PKCS#11 library's, or the engine's (engine/usual_config.c).
extern const char sr_usual_config[];

// The path to read now: the environment's, else `before` (may be NULL), else the usual one.
const char *sr_config_path(const struct sr_config *before);

// Reads the file and the trust anchors it names. NULL, with the cause in `error`, when it can't be used.
struct sr_config *sr_config_read(const char *path, char *error, size_t error_size);
void sr_config_free(struct sr_config *config);

// Reads again only where the HSMs of the cluster are; false when the file can't be read or has no such cluster.
bool sr_config_read_hsms(const char *path, unsigned index, const char *cluster_id, struct sr_hsm_address *hsms,
                         unsigned *count);

#endif
