// TLS 1.3 over memory: OpenSSL never sees a socket. Linked in statically with hidden symbols, with a library context of
// its own and no configuration, so that neither the host's OpenSSL nor its openssl.cnf has a say here.
// Every function takes the fork lock (fork.h) for as long as it is inside OpenSSL.
#ifndef STRONGROOM_TLS_H
#define STRONGROOM_TLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "config.h"

// One cluster's trust: its CA and nothing else.
struct sr_tls_context;
// One connection's TLS.
struct sr_tls;
// The instance's Ed25519 key pair.
struct sr_instance_key;

struct sr_tls_context *sr_tls_context_new(const struct sr_cluster_config *config, char *error, size_t error_size);
void sr_tls_context_free(struct sr_tls_context *context);

struct sr_tls *sr_tls_new(struct sr_tls_context *context);
void sr_tls_free(struct sr_tls *tls);

enum sr_tls_step { SR_TLS_DONE, SR_TLS_WANTS_INPUT, SR_TLS_FAILED, SR_TLS_UNTRUSTED };

// One step of the handshake; what is to be sent afterwards is in sr_tls_output even when it failed (an alert).
enum sr_tls_step sr_tls_handshake(struct sr_tls *tls, char *error, size_t error_size);
// SHA-256 of the SubjectPublicKeyInfo that the server has shown and proved.
bool sr_tls_peer_key_hash(struct sr_tls *tls, uint8_t hash[32]);

// Received bytes of the handshake.
bool sr_tls_feed(struct sr_tls *tls, const uint8_t *received, size_t size);

// Encrypts all of data into the output.
bool sr_tls_write(struct sr_tls *tls, const uint8_t *data, size_t size);
void sr_tls_close_notify(struct sr_tls *tls);
// The bytes that wait to be sent; valid until the next call for this connection.
const uint8_t *sr_tls_output(struct sr_tls *tls, size_t *size);
void sr_tls_output_sent(struct sr_tls *tls);

// Takes received bytes and gives back plaintext: > 0 bytes, 0 when more must be received, -1 when the connection is
// over. Call again with size 0 for what is left.
ssize_t sr_tls_exchange(struct sr_tls *tls, const uint8_t *received, size_t size, uint8_t *plain, size_t room);
// Whether anything received is left that has not been given back; it need not be a whole record.
bool sr_tls_has_more(struct sr_tls *tls);

struct sr_instance_key *sr_instance_key_new(void);
void sr_instance_key_free(struct sr_instance_key *key);
bool sr_instance_key_public(const struct sr_instance_key *key, uint8_t out[32]);
bool sr_instance_key_sign(const struct sr_instance_key *key, const uint8_t *data, size_t size, uint8_t out[64]);

// Makes the library context, once in the life of the process.
bool sr_tls_prepare_process(void);

#endif
