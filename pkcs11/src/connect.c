// From no connection to an attached one: TLS, the cluster's key, Hello, Attach; the next HSM if one does not answer.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cluster.h"
#include "instance.h"
#include "log.h"
#include "protocol.g.h"
#include "version.h"

enum { CONNECT_PATIENCE = 5000, REREAD_INTERVAL = 1000 };  // milliseconds

static struct sr_tls_context *tls_context(struct sr_cluster *cluster, char *error, size_t error_size) {
  pthread_mutex_lock(&cluster->lock);
  struct sr_tls_context *context = cluster->tls;
  pthread_mutex_unlock(&cluster->lock);
  if (context != NULL) return context;
  struct sr_tls_context *made = sr_tls_context_new(cluster->config, error, error_size), *unneeded = NULL;
  if (made == NULL) return NULL;
  pthread_mutex_lock(&cluster->lock);
  if (cluster->tls == NULL) cluster->tls = made;
  else unneeded = made;  // two links connected for the first time at once
  context = cluster->tls;
  pthread_mutex_unlock(&cluster->lock);
  sr_tls_context_free(unneeded);
  return context;
}

// The instance's proof: a signature over 'strongroom attach v1' 0, the challenge, the cluster id, 0, the HSM id.
static bool prove(const struct sr_cluster *cluster, const sr_hello_reply *hello, uint8_t signature[64]) {
  static const char purpose[] = "strongroom attach v1";
  uint8_t message[sizeof purpose + 32 + 32 + 1 + 32];
  size_t n = 0;
  if (hello->challenge.size != 32) return false;
  memcpy(message, purpose, sizeof purpose);  // with its zero byte
  n += sizeof purpose;
  memcpy(message + n, hello->challenge.data, 32);
  n += 32;
  memcpy(message + n, hello->cluster.data, hello->cluster.size);
  n += hello->cluster.size;
  message[n++] = 0;
  memcpy(message + n, hello->hsm.data, hello->hsm.size);
  n += hello->hsm.size;
  return sr_instance_key_sign(cluster->instance->key, message, n, signature);
}

static enum sr_outcome refused(struct sr_call *call, enum sr_io io, const char *step, char *error, size_t error_size) {
  snprintf(error, error_size, "%s: %s%s%s", step, io == SR_IO_OK ? sr_rv_name(call->rv) : "",
           io == SR_IO_OK ? ": " : "", call->cause);
  return io == SR_IO_MEMORY ? SR_NO_MEMORY : SR_UNREACHABLE;
}

static enum sr_outcome say_hello(struct sr_cluster *cluster, struct sr_link *link, struct sr_call *call,
                                 sr_hello_reply *reply, uint64_t deadline, char *error, size_t error_size) {
  static const uint64_t versions[] = {SR_PROTOCOL_VERSION};
  static const char client[] = "libstrongroom_pkcs11 " SR_VERSION_TEXT;
  sr_hello_request request = {
      .versions = {versions, 1, true},
      .instance = {cluster->instance->public_key, 32, true},
      .client = {(const uint8_t *)client, sizeof client - 1, true},
  };
  sr_call_begin(call, cluster, SR_LANE_FAST, SR_RETRY_ALWAYS);
  sr_write_hello(&call->frame, call->id, call->epoch, call->sequence, &request);
  enum sr_io io = call->frame.failed ? SR_IO_MEMORY : sr_link_direct(link, call, deadline);
  if (io != SR_IO_OK || call->rv != CKR_OK) return refused(call, io, "Hello", error, error_size);
  if (!sr_read_hello(&call->reader, &call->arena, reply)) {
    snprintf(error, error_size, "Hello: the HSM's answer is malformed");
    return SR_UNREACHABLE;
  }
  const char *wanted = cluster->config->cluster_id;
  if (wanted[0] != '\0' &&
      (strlen(wanted) != reply->cluster.size || memcmp(wanted, reply->cluster.data, reply->cluster.size) != 0)) {
    snprintf(error, error_size, "the HSM belongs to %.*s, not to %s", (int)reply->cluster.size,
             (const char *)reply->cluster.data, wanted);
    return SR_UNTRUSTED;
  }
  return SR_ANSWERED;
}

// A ticket that the HSM no longer takes is dropped, unless the application has logged in anew meanwhile.
static void ticket_refused(struct sr_cluster *cluster, const uint8_t *ticket, size_t size, const sr_bytes *cause) {
  pthread_mutex_lock(&cluster->lock);
  bool same = cluster->ticket_size == size && memcmp(cluster->ticket, ticket, size) == 0;
  pthread_mutex_unlock(&cluster->lock);
  if (!same) return;
  sr_cluster_drop_ticket(cluster);
  sr_log(SR_LOG_WARN, "the login has ended: %.*s", (int)cause->size, cause->size > 0 ? (const char *)cause->data : "");
}

static enum sr_outcome attach(struct sr_cluster *cluster, struct sr_link *link, const sr_hello_reply *hello,
                              uint64_t deadline, char *error, size_t error_size) {
  uint8_t signature[64], ticket[sizeof cluster->ticket];
  pthread_mutex_lock(&cluster->lock);
  size_t ticket_size = cluster->ticket_size;
  memcpy(ticket, cluster->ticket, ticket_size);
  pthread_mutex_unlock(&cluster->lock);
  if (!prove(cluster, hello, signature)) {
    snprintf(error, error_size, "Attach: the proof of the instance's key can't be made");
    return SR_UNREACHABLE;
  }
  sr_attach_request request = {.signature = {signature, 64, true}, .ticket = {ticket, ticket_size, ticket_size > 0}};
  sr_attach_reply reply;
  struct sr_call call;
  sr_call_begin(&call, cluster, SR_LANE_FAST, SR_RETRY_ALWAYS);
  sr_write_attach(&call.frame, call.id, call.epoch, call.sequence, &request);
  enum sr_io io = call.frame.failed ? SR_IO_MEMORY : sr_link_direct(link, &call, deadline);
  enum sr_outcome outcome = SR_ANSWERED;
  if (io != SR_IO_OK || call.rv != CKR_OK) {
    outcome = refused(&call, io, "Attach", error, error_size);
  } else if (!sr_read_attach(&call.reader, &call.arena, &reply)) {
    snprintf(error, error_size, "Attach: the HSM's answer is malformed");
    outcome = SR_UNREACHABLE;
  } else if (ticket_size > 0 && !reply.logged_in) {
    ticket_refused(cluster, ticket, ticket_size, &reply.cause);
  }
  sr_call_end(&call);
  explicit_bzero(ticket, sizeof ticket);
  return outcome;
}

static enum sr_outcome check_key(struct sr_cluster *cluster, const uint8_t hash[32], char *error, size_t error_size) {
  bool good =
      cluster->config->has_key_hash ? memcmp(hash, cluster->config->key_hash, 32) == 0 : sr_instance_pin(cluster, hash);
  if (good) return SR_ANSWERED;
  snprintf(error, error_size, "the server shows a certificate of the customer CA, but not the cluster's key");
  return SR_UNTRUSTED;
}

static enum sr_outcome connect_one(struct sr_cluster *cluster, struct sr_link *link, const struct sr_hsm_address *to,
                                   struct sr_tls_context *tls, char *error, size_t error_size) {
  uint64_t deadline = sr_now() + CONNECT_PATIENCE;
  uint8_t hash[32];
  enum sr_io io = sr_connection_open(&link->connection, to, tls, deadline, hash, error, error_size);
  if (io == SR_IO_UNTRUSTED) return SR_UNTRUSTED;
  if (io != SR_IO_OK) return io == SR_IO_MEMORY ? SR_NO_MEMORY : SR_UNREACHABLE;
  struct sr_call hello;
  sr_hello_reply reply;
  enum sr_outcome outcome = check_key(cluster, hash, error, error_size);
  if (outcome == SR_ANSWERED) {
    outcome = say_hello(cluster, link, &hello, &reply, deadline, error, error_size);
    if (outcome == SR_ANSWERED) outcome = attach(cluster, link, &reply, deadline, error, error_size);
    if (outcome == SR_ANSWERED)
      sr_log(SR_LOG_DEBUG, "connected to %.*s at %s port %u", (int)reply.hsm.size, (const char *)reply.hsm.data,
             to->host, to->port);
    sr_call_end(&hello);
  }
  if (outcome != SR_ANSWERED) sr_connection_close(&link->connection, false);
  return outcome;
}

// An HSM's address may have changed in the file since C_Initialize. True: it has.
static bool reread_addresses(struct sr_cluster *cluster) {
  uint64_t now = sr_now();
  pthread_mutex_lock(&cluster->lock);
  bool due = now - cluster->hsms_read_at >= REREAD_INTERVAL;
  if (due) cluster->hsms_read_at = now;
  pthread_mutex_unlock(&cluster->lock);
  if (!due) return false;
  struct sr_hsm_address *hsms = calloc(SR_MAX_HSMS, sizeof *hsms);
  unsigned count;
  bool changed = false;
  if (hsms != NULL &&
      sr_config_read_hsms(cluster->instance->config->path, cluster->index, cluster->config->cluster_id, hsms, &count)) {
    pthread_mutex_lock(&cluster->lock);
    changed = count != cluster->hsm_count || memcmp(hsms, cluster->hsms, count * sizeof *hsms) != 0;
    memcpy(cluster->hsms, hsms, sizeof cluster->hsms);
    cluster->hsm_count = count;
    if (changed) cluster->home = 0;
    pthread_mutex_unlock(&cluster->lock);
    if (changed) sr_log(SR_LOG_INFO, "the configuration names other HSMs now");
  }
  free(hsms);
  return changed;
}

static void went_down(struct sr_cluster *cluster, const char *error) {
  uint64_t now = sr_now();
  pthread_mutex_lock(&cluster->lock);
  bool first = cluster->down_since == 0;
  if (first) cluster->down_since = now;
  pthread_mutex_unlock(&cluster->lock);
  if (first) sr_log(SR_LOG_WARN, "no HSM of the cluster can be reached, trying again: %s", error);
}

static void came_up(struct sr_cluster *cluster, struct sr_link *link, unsigned hsm) {
  pthread_mutex_lock(&cluster->lock);
  bool was_down = cluster->down_since != 0, moved = cluster->connected_once && hsm != cluster->home;
  cluster->down_since = 0;
  cluster->connected_once = true;
  cluster->home = hsm;
  if (moved) atomic_fetch_add(&cluster->home_count, 1);
  link->home = atomic_load(&cluster->home_count);
  pthread_mutex_unlock(&cluster->lock);
  if (was_down) sr_log(SR_LOG_INFO, "the cluster is reachable again");
  if (moved) sr_log(SR_LOG_INFO, "another HSM of the cluster is home now");
}

// The home HSM first, then the others.
static enum sr_outcome connect_any(struct sr_cluster *cluster, struct sr_link *link, struct sr_tls_context *tls,
                                   char *error, size_t error_size) {
  pthread_mutex_lock(&cluster->lock);
  unsigned first = cluster->home, count = cluster->hsm_count;
  pthread_mutex_unlock(&cluster->lock);
  enum sr_outcome outcome = SR_UNREACHABLE;
  for (unsigned i = 0; i < count; i++) {
    pthread_mutex_lock(&cluster->lock);
    unsigned at = (first + i) % count;
    struct sr_hsm_address to = cluster->hsms[at];
    pthread_mutex_unlock(&cluster->lock);
    outcome = connect_one(cluster, link, &to, tls, error, error_size);
    if (outcome == SR_ANSWERED) {
      came_up(cluster, link, at);
      return outcome;
    }
    if (outcome == SR_UNTRUSTED) sr_log(SR_LOG_ERROR, "%s port %u is not trusted: %s", to.host, to.port, error);
  }
  return outcome;
}

enum sr_outcome sr_cluster_connect(struct sr_cluster *cluster, struct sr_link *link, char *error, size_t error_size) {
  struct sr_tls_context *tls = tls_context(cluster, error, error_size);
  if (tls == NULL) return SR_UNTRUSTED;
  enum sr_outcome outcome = connect_any(cluster, link, tls, error, error_size);
  if (outcome == SR_ANSWERED) return outcome;
  went_down(cluster, error);
  // At once, and not with the caller's next try: an HSM that has been away for long gets no second one.
  return reread_addresses(cluster) ? connect_any(cluster, link, tls, error, error_size) : outcome;
}
