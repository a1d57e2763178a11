#include "instance.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "exchange.h"
#include "fork.h"
#include "log.h"

static const CK_SLOT_ID first_slot = 0x2000000000000001;  // CloudHSM's

// The one context of the process. What is here outlives instances: hosts initialise, finalise and fork at will.
static struct {
  _Atomic(struct sr_instance *) instance;
  _Atomic long inside;            // threads between sr_instance_enter and sr_instance_leave
  struct sr_config *config;       // the one read last; written under the lifecycle lock
  struct sr_instance *abandoned;  // of parents; reachable, so that leak checkers see it is meant
  pthread_mutex_t pins_lock;      // guards pins; made anew in a child
  struct {
    uint8_t hash[32];
    char cluster_id[33];
    char ca_file[1024];
    bool used;
  } pins[SR_MAX_CLUSTERS];
} process = {.pins_lock = PTHREAD_MUTEX_INITIALIZER};

// What the thread's cancellation was before it came in. Inside, cancellation is off: a thread that ended with a
// session's lock, or as the leader of a link, would hang all others.
static _Thread_local int cancel_before;

struct sr_instance *sr_instance_enter(void) {
  int before;
  pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before);
  // Counted before the instance is looked at: C_Finalize takes the instance away first and then waits for the count.
  atomic_fetch_add(&process.inside, 1);
  struct sr_instance *instance = atomic_load(&process.instance);
  if (instance == NULL) {
    atomic_fetch_sub(&process.inside, 1);
    pthread_setcancelstate(before, NULL);
    return NULL;
  }
  cancel_before = before;
  return instance;
}

void sr_instance_leave(void) {
  atomic_fetch_sub(&process.inside, 1);
  pthread_setcancelstate(cancel_before, NULL);
}

// Reads the configuration anew if it can be read; a process that once had one goes on with it otherwise.
static CK_RV refresh_config(void) {
  char error[512];
  const char *path = sr_config_path(process.config);
  struct sr_config *config = sr_config_read(path, error, sizeof error);
  if (config != NULL) {
    sr_config_free(process.config);
    process.config = config;
    sr_log_open(config->log_file, config->log_level);
    return CKR_OK;
  }
  if (process.config == NULL) return sr_refuse(CKR_GENERAL_ERROR, "%s", error);
  sr_log(SR_LOG_INFO, "the configuration read before stays in use: %s", error);
  return CKR_OK;
}

static void free_instance(struct sr_instance *instance) {
  for (unsigned i = 0; i < instance->cluster_count; i++) sr_cluster_end(&instance->clusters[i]);
  sr_sessions_free(&instance->sessions);
  sr_instance_key_free(instance->key);
  free(instance);
}

static CK_RV make_instance(struct sr_instance **out) {
  struct sr_instance *instance = calloc(1, sizeof *instance);
  if (instance == NULL) return sr_refuse(CKR_HOST_MEMORY, "out of memory");
  instance->config = process.config;
  sr_sessions_init(&instance->sessions);
  instance->key = sr_instance_key_new();
  bool good = instance->key != NULL && sr_instance_key_public(instance->key, instance->public_key);
  for (unsigned i = 0; good && i < process.config->cluster_count; i++) {
    good = sr_cluster_init(&instance->clusters[i], instance, i, &process.config->clusters[i]);
    instance->cluster_count = i + 1;
  }
  if (!good) {
    free_instance(instance);
    return sr_refuse(CKR_HOST_MEMORY, "the instance's key pair or tables can't be made");
  }
  *out = instance;
  return CKR_OK;
}

CK_RV sr_instance_start(void) {
  if (!sr_fork_prepare_process()) return sr_refuse(CKR_GENERAL_ERROR, "fork handlers can't be registered");
  sr_lifecycle_lock();
  CK_RV rv = CKR_OK;
  struct sr_instance *instance = NULL;
  if (atomic_load(&process.instance) != NULL)
    rv = sr_refuse(CKR_CRYPTOKI_ALREADY_INITIALIZED, "C_Initialize has been called before");
  else if (!sr_tls_prepare_process()) rv = sr_refuse(CKR_GENERAL_ERROR, "OpenSSL can't be initialised");
  if (rv == CKR_OK) rv = refresh_config();
  if (rv == CKR_OK) rv = make_instance(&instance);
  if (rv == CKR_OK) atomic_store(&process.instance, instance);
  sr_lifecycle_unlock();
  return rv;
}

CK_RV sr_instance_stop(void) {
  if (!sr_fork_prepare_process())
    return sr_refuse(CKR_CRYPTOKI_NOT_INITIALIZED, "C_Initialize has not been called in this process");
  sr_lifecycle_lock();
  struct sr_instance *instance = atomic_exchange(&process.instance, NULL);
  if (instance != NULL) {
    // PKCS#11 leaves this undefined; we let the calls of other threads end first. Their waits see `closing`.
    atomic_store(&instance->closing, true);
    while (atomic_load(&process.inside) > 0) {
      struct timespec moment = {.tv_nsec = 1000000};
      nanosleep(&moment, NULL);
    }
    free_instance(instance);
  }
  sr_lifecycle_unlock();
  return instance != NULL ? CKR_OK
                          : sr_refuse(CKR_CRYPTOKI_NOT_INITIALIZED, "C_Initialize has not been called in this process");
}

void sr_instance_abandon(void) {
  pthread_mutex_init(&process.pins_lock, NULL);
  atomic_store(&process.inside, 0);
  struct sr_instance *instance = atomic_exchange(&process.instance, NULL);
  if (instance == NULL) return;
  for (unsigned i = 0; i < instance->cluster_count; i++) {
    for (unsigned k = 0; k < SR_LINKS; k++) {
      int fd = atomic_exchange(&instance->clusters[i].links[k].connection.fd, -1);
      if (fd >= 0) close(fd);
    }
  }
  instance->previous = process.abandoned;
  process.abandoned = instance;
}

// Hosts that keep a slot id in 32 bits (strongSwan) bring back its lower half: it names the same slot, since no other
// one has it.
struct sr_cluster *sr_instance_cluster(struct sr_instance *instance, CK_SLOT_ID slot) {
  CK_SLOT_ID index = slot - (slot >> 32 == 0 ? first_slot & 0xFFFFFFFF : first_slot);
  return index < instance->cluster_count ? &instance->clusters[index] : NULL;
}

CK_SLOT_ID sr_slot_of(const struct sr_cluster *cluster) { return first_slot + cluster->index; }

bool sr_instance_pin(struct sr_cluster *cluster, const uint8_t hash[32]) {
  const struct sr_cluster_config *config = cluster->config;
  bool same = true, first = false;
  pthread_mutex_lock(&process.pins_lock);
  unsigned i = cluster->index;
  if (!process.pins[i].used || strcmp(process.pins[i].cluster_id, config->cluster_id) != 0 ||
      strcmp(process.pins[i].ca_file, config->ca_file) != 0) {
    first = true;
    memcpy(process.pins[i].hash, hash, 32);
    strcpy(process.pins[i].cluster_id, config->cluster_id);
    strcpy(process.pins[i].ca_file, config->ca_file);
    process.pins[i].used = true;
  } else {
    same = memcmp(process.pins[i].hash, hash, 32) == 0;
  }
  pthread_mutex_unlock(&process.pins_lock);
  if (first) {
    char text[65];
    for (int k = 0; k < 32; k++) {
      text[2 * k] = "0123456789abcdef"[hash[k] >> 4];
      text[2 * k + 1] = "0123456789abcdef"[hash[k] & 15];
    }
    text[64] = '\0';
    sr_log(SR_LOG_WARN, "the configuration names no cluster key: the first one seen is trusted from now on, SHA-256 %s",
           text);
  }
  return same;
}
