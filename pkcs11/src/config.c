#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "json.h"
#include "pkcs11.h"

const char *sr_config_path(const struct sr_config *before) {
  const char *named = getenv("STRONGROOM_PKCS11_CONFIG");
  if (named != NULL && named[0] != '\0') return named;
  return before != NULL ? before->path : sr_usual_config;
}

// The whole of a regular file, with a zero byte after it; NULL, with the cause, if it is longer than `max`.
static char *read_file(const char *path, size_t max, size_t *size, char *error, size_t error_size) {
  int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
  struct stat status;
  if (fd < 0 || fstat(fd, &status) != 0) {
    snprintf(error, error_size, "cannot read %s: %s", path, strerror(errno));
    if (fd >= 0) close(fd);
    return NULL;
  }
  char *text = NULL;
  if (!S_ISREG(status.st_mode) || status.st_size < 0 || (size_t)status.st_size > max) {
    snprintf(error, error_size, "cannot read %s: it is not a file of at most %zu bytes", path, max);
  } else if ((text = malloc((size_t)status.st_size + 1)) == NULL) {
    snprintf(error, error_size, "cannot read %s: out of memory", path);
  } else {
    size_t n = 0;
    for (ssize_t got; n < (size_t)status.st_size; n += (size_t)got) {
      got = read(fd, text + n, (size_t)status.st_size - n);
      if (got < 0 && errno == EINTR) got = 0;
      else if (got <= 0) break;
    }
    text[n] = '\0';
    *size = n;
  }
  close(fd);
  return text;
}

static bool copy_text(char *out, size_t room, const char *text) {
  if (text == NULL || strlen(text) >= room) return false;
  strcpy(out, text);
  return true;
}

static bool parse_hash(const char *text, uint8_t out[32]) {
  size_t n = 0;
  for (; *text != '\0'; text++) {
    if (*text == ':') continue;
    int digit = *text >= '0' && *text <= '9'   ? *text - '0'
                : *text >= 'a' && *text <= 'f' ? *text - 'a' + 10
                : *text >= 'A' && *text <= 'F' ? *text - 'A' + 10
                                               : -1;
    if (digit < 0 || n == 64) return false;
    out[n / 2] = (uint8_t)(n % 2 == 0 ? digit << 4 : out[n / 2] | digit);
    n++;
  }
  return n == 64;
}

// What differs between the two forms is where things are and how they are called.
struct form {
  const char *ca, *hsms, *host;
};
static const struct form ours = {"ca_file", "hsms", "address"};
static const struct form cloudhsm = {"hsm_ca_file", "servers", "hostname"};

static const sr_json *cluster_of(const sr_json *entry, const struct form **form) {
  const sr_json *inner = sr_json_member(entry, "cluster");
  *form = inner != NULL ? &cloudhsm : &ours;
  return inner != NULL ? inner : entry;
}

static bool read_hsms(const sr_json *cluster, const struct form *form, struct sr_hsm_address *hsms, unsigned *count,
                      const char **problem) {
  const sr_json *list = sr_json_member(cluster, form->hsms);
  *count = 0;
  for (const sr_json *h = list != NULL ? list->first : NULL; h != NULL; h = h->next) {
    if (!sr_json_flag(h, "enable", true)) continue;
    long long port = sr_json_integer(h, "port", 2223);
    if (*count == SR_MAX_HSMS || port < 1 || port > 65535 ||
        !copy_text(hsms[*count].host, sizeof hsms[0].host, sr_json_text(h, form->host))) {
      *problem = *count == SR_MAX_HSMS ? "a cluster has at most 28 HSMs"
                                       : "an HSM needs an address and a port from 1 to 65535";
      return false;
    }
    hsms[(*count)++].port = (uint16_t)port;
  }
  if (*count == 0) *problem = "a cluster names no HSM";
  return *count > 0;
}

static bool key_type_of(const char *name, uint64_t *type) {
  static const struct {
    const char *name;
    uint64_t type;
  } types[] = {{"RSA", CKK_RSA},
               {"EC", CKK_EC},
               {"EC_EDWARDS", CKK_EC_EDWARDS},
               {"EC_MONTGOMERY", CKK_EC_MONTGOMERY},
               {"ML_DSA", CKK_ML_DSA},
               {"ML_KEM", CKK_ML_KEM},
               {"AES", CKK_AES},
               {"DES3", CKK_DES3},
               {"GENERIC_SECRET", CKK_GENERIC_SECRET}};
  for (size_t i = 0; name != NULL && i < sizeof types / sizeof types[0]; i++)
    if (strcmp(name, types[i].name) == 0) {
      *type = types[i].type;
      return true;
    }
  return false;
}

static bool read_key_types(const sr_json *cluster, struct sr_cluster_config *out, const char **problem) {
  const sr_json *list = sr_json_member(cluster, "key_types");
  for (const sr_json *t = list != NULL ? list->first : NULL; t != NULL; t = t->next)
    if (out->key_type_count == SR_MAX_KEY_TYPES ||
        !key_type_of(t->kind == SR_JSON_STRING ? t->string : NULL, &out->key_types[out->key_type_count++])) {
      *problem = "key_types: RSA, EC, EC_EDWARDS, EC_MONTGOMERY, ML_DSA, ML_KEM, AES, DES3 or GENERIC_SECRET";
      return false;
    }
  return true;
}

// The certificate that the client shows, and its key: both or neither.
static bool read_client(const sr_json *cluster, struct sr_cluster_config *out, const char **problem) {
  const char *certificate = sr_json_text(cluster, "client_cert_path"), *key = sr_json_text(cluster, "client_key_path");
  if (certificate == NULL && key == NULL) return true;
  if (copy_text(out->client_certificate, sizeof out->client_certificate, certificate) &&
      copy_text(out->client_key, sizeof out->client_key, key))
    return true;
  *problem = "client_cert_path and client_key_path name a file each, or are both absent";
  return false;
}

static bool read_cluster(const sr_json *entry, struct sr_cluster_config *out, const char **problem) {
  const struct form *form;
  const sr_json *cluster = cluster_of(entry, &form);
  const char *id = sr_json_text(cluster, "cluster_id"), *label = sr_json_text(cluster, "label");
  const char *hash = sr_json_text(cluster, "cluster_key_sha256");
  if (id != NULL && !copy_text(out->cluster_id, sizeof out->cluster_id, id)) *problem = "cluster_id is too long";
  else if (!copy_text(out->label, sizeof out->label, label != NULL ? label : "hsm1"))
    *problem = "label is over 32 bytes";
  else if (!copy_text(out->ca_file, sizeof out->ca_file, sr_json_text(cluster, form->ca)))
    *problem = "a cluster names no file of its certificate authority (ca_file, hsm_ca_file)";
  else if (hash != NULL && !parse_hash(hash, out->key_hash))
    *problem = "cluster_key_sha256 is not 64 hexadecimal digits";
  else {
    out->has_key_hash = hash != NULL;
    return read_client(cluster, out, problem) && read_key_types(cluster, out, problem) &&
           read_hsms(cluster, form, out->hsms, &out->hsm_count, problem);
  }
  return false;
}

static enum sr_log_level level_of(const char *name) {
  static const char *const names[] = {"off", "error", "warn", "info", "debug"};
  for (size_t i = 0; name != NULL && i < sizeof names / sizeof names[0]; i++)
    if (strcmp(name, names[i]) == 0) return (enum sr_log_level)i;
  return name != NULL && strcmp(name, "trace") == 0 ? SR_LOG_DEBUG : SR_LOG_INFO;
}

static void read_log(const sr_json *root, struct sr_config *out) {
  const sr_json *log = sr_json_member(root, "log"), *logging = sr_json_member(root, "logging");
  out->log_level = SR_LOG_WARN;
  if (log != NULL) {
    out->log_level = level_of(sr_json_text(log, "level"));
    copy_text(out->log_file, sizeof out->log_file, sr_json_text(log, "file"));
  } else if (logging != NULL) {
    const char *type = sr_json_text(logging, "log_type");
    out->log_level = level_of(sr_json_text(logging, "log_level"));
    if (type == NULL || strcmp(type, "term") != 0)
      copy_text(out->log_file, sizeof out->log_file, sr_json_text(logging, "log_file"));
  }
}

static bool read_clusters(const sr_json *root, struct sr_config *out, char *error, size_t error_size) {
  const sr_json *list = sr_json_member(root, "clusters");
  const char *problem = NULL;
  for (const sr_json *c = list != NULL ? list->first : NULL; c != NULL && problem == NULL; c = c->next) {
    if (out->cluster_count == SR_MAX_CLUSTERS) problem = "at most 16 clusters can be named";
    else if (read_cluster(c, &out->clusters[out->cluster_count], &problem)) out->cluster_count++;
  }
  if (problem == NULL && out->cluster_count == 0) problem = "it names no cluster";
  if (problem != NULL) snprintf(error, error_size, "%s: %s", out->path, problem);
  return problem == NULL;
}

static sr_json_document *parse_file(const char *path, char *error, size_t error_size) {
  size_t size = 0;
  char *text = read_file(path, SR_JSON_MAX_TEXT, &size, error, error_size);
  if (text == NULL) return NULL;
  char detail[128];
  sr_json_document *document = sr_json_parse(text, size, detail, sizeof detail);
  if (document == NULL) snprintf(error, error_size, "%s: %s", path, detail);
  free(text);
  return document;
}

struct sr_config *sr_config_read(const char *path, char *error, size_t error_size) {
  sr_json_document *document = parse_file(path, error, error_size);
  if (document == NULL) return NULL;
  const sr_json *root = sr_json_root(document);
  struct sr_config *config = calloc(1, sizeof *config);
  if (config == NULL || !copy_text(config->path, sizeof config->path, path)) {
    snprintf(error, error_size, "%s: %s", path, config == NULL ? "out of memory" : "the path is too long");
    goto failed;
  }
  read_log(root, config);
  long long seconds = sr_json_integer(root, "retry_seconds", 10);
  config->retry_milliseconds = seconds < 0 ? 0 : seconds > 3600 ? 3600000 : (unsigned)seconds * 1000;
  if (!read_clusters(root, config, error, error_size)) goto failed;
  for (unsigned i = 0; i < config->cluster_count; i++) {
    struct sr_cluster_config *c = &config->clusters[i];
    c->ca = read_file(c->ca_file, SR_MAX_CA_SIZE, &c->ca_size, error, error_size);
    if (c->ca == NULL) goto failed;
  }
  sr_json_free(document);
  return config;
failed:
  sr_json_free(document);
  sr_config_free(config);
  return NULL;
}

void sr_config_free(struct sr_config *config) {
  if (config == NULL) return;
  for (unsigned i = 0; i < config->cluster_count; i++) free(config->clusters[i].ca);
  free(config);
}

bool sr_config_read_hsms(const char *path, unsigned index, const char *cluster_id, struct sr_hsm_address *hsms,
                         unsigned *count) {
  char error[256];
  const char *problem;
  sr_json_document *document = parse_file(path, error, sizeof error);
  if (document == NULL) return false;
  const sr_json *list = sr_json_member(sr_json_root(document), "clusters");
  bool found = false;
  unsigned i = 0;
  for (const sr_json *c = list != NULL ? list->first : NULL; c != NULL && !found; c = c->next, i++) {
    const struct form *form;
    const sr_json *cluster = cluster_of(c, &form);
    const char *id = sr_json_text(cluster, "cluster_id");
    bool same = id != NULL ? strcmp(id, cluster_id) == 0 : i == index && cluster_id[0] == '\0';
    if (same) found = read_hsms(cluster, form, hsms, count, &problem);
  }
  sr_json_free(document);
  return found;
}
