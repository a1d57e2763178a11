#include "hsm.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "errors.h"
#include "log.h"

enum { KEPT_SESSIONS = 64, PIN_SIZE = 257, MAX_PUBLIC_KEY = 2048 };

// The lock guards what stands below it, for a few instructions at a time: no function of the core is called under it,
// so that a fork, which takes the core's locks too, may take them in any order.
static struct {
  pthread_once_t once;
  bool ready;
  pthread_mutex_t lock;
  CK_SESSION_HANDLE idle[KEPT_SESSIONS];
  unsigned idle_count;
  char pin[PIN_SIZE];  // kept, since servers clear the environment of their workers
  // Shared with all children that come of this process: that the HSM has called this PIN wrong. Each worker of a server
  // would try it again otherwise, and five wrong guesses lock the user for everybody.
  _Atomic bool *refused;
} hsm = {.once = PTHREAD_ONCE_INIT, .lock = PTHREAD_MUTEX_INITIALIZER};

static void before_fork(void) { pthread_mutex_lock(&hsm.lock); }

static void after_fork_in_parent(void) { pthread_mutex_unlock(&hsm.lock); }

static void after_fork_in_child(void) {
  pthread_mutex_init(&hsm.lock, NULL);
  hsm.idle_count = 0;  // the parent's
}

static void prepare(void) {
  void *shared = mmap(NULL, sizeof *hsm.refused, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared == MAP_FAILED) return;
  hsm.refused = shared;
  hsm.ready = pthread_atfork(before_fork, after_fork_in_parent, after_fork_in_child) == 0;
}

bool hsm_prepare(void) {
  pthread_once(&hsm.once, prepare);
  return hsm.ready;
}

// $CLOUDHSM_PIN, or the name that it had before, is user:password.
static bool read_pin(char out[PIN_SIZE]) {
  const char *pin = getenv("CLOUDHSM_PIN");
  if (pin == NULL || pin[0] == '\0') pin = getenv("n3fips_password");
  pthread_mutex_lock(&hsm.lock);
  if (pin != NULL && pin[0] != '\0' && strlen(pin) < PIN_SIZE && strcmp(pin, hsm.pin) != 0) {
    strcpy(hsm.pin, pin);
    atomic_store(hsm.refused, false);
  }
  strcpy(out, hsm.pin);
  pthread_mutex_unlock(&hsm.lock);
  return out[0] != '\0';
}

static CK_RV log_in(CK_SESSION_HANDLE session) {
  char pin[PIN_SIZE];
  if (!read_pin(pin)) return sr_refuse(CKR_PIN_INCORRECT, "CLOUDHSM_PIN is not set");
  CK_RV rv = CKR_PIN_INCORRECT;
  if (atomic_load(hsm.refused)) {
    sr_refuse(rv, "the HSM has called this PIN wrong before, and it is not tried again: start anew with the right one");
  } else {
    rv = C_Login(session, CKU_USER, (CK_UTF8CHAR_PTR)pin, strlen(pin));
    if (rv == CKR_PIN_INCORRECT) atomic_store(hsm.refused, true);
  }
  explicit_bzero(pin, sizeof pin);
  return rv;
}

static CK_RV take_session(CK_SESSION_HANDLE *session) {
  pthread_mutex_lock(&hsm.lock);
  bool kept = hsm.idle_count > 0;
  if (kept) *session = hsm.idle[--hsm.idle_count];
  pthread_mutex_unlock(&hsm.lock);
  if (kept) return CKR_OK;
  CK_SLOT_ID slots[16];
  CK_ULONG count = sizeof slots / sizeof slots[0];
  CK_RV rv = C_Initialize(NULL);
  if (rv == CKR_OK || rv == CKR_CRYPTOKI_ALREADY_INITIALIZED) rv = C_GetSlotList(CK_TRUE, slots, &count);
  // The first cluster: a PIN must not be tried, and count as a wrong one, on others.
  if (rv == CKR_OK) rv = C_OpenSession(slots[0], CKF_SERIAL_SESSION, NULL, NULL, session);
  if (rv != CKR_OK) return rv;
  rv = log_in(*session);
  if (rv == CKR_OK || rv == CKR_USER_ALREADY_LOGGED_IN) return CKR_OK;
  C_CloseSession(*session);
  return rv;
}

static void give_back(CK_SESSION_HANDLE session) {
  pthread_mutex_lock(&hsm.lock);
  bool kept = hsm.idle_count < KEPT_SESSIONS;
  if (kept) hsm.idle[hsm.idle_count++] = session;
  pthread_mutex_unlock(&hsm.lock);
  if (!kept) C_CloseSession(session);
}

typedef CK_RV work(CK_SESSION_HANDLE session, void *argument);

// A login ends after a day, or with a new password; private keys are then not there. With the PIN at hand it is made
// anew.
static bool is_about_login(CK_RV rv) {
  return rv == CKR_USER_NOT_LOGGED_IN || rv == CKR_KEY_HANDLE_INVALID || rv == CKR_OBJECT_HANDLE_INVALID;
}

static CK_RV in_session(work *done, void *argument) {
  CK_SESSION_HANDLE session;
  CK_RV rv = take_session(&session);
  if (rv != CKR_OK) return rv;
  rv = done(session, argument);
  if (is_about_login(rv)) {
    char cause[256];
    snprintf(cause, sizeof cause, "%s", sr_last_cause());
    CK_RV anew = log_in(session);
    if (anew == CKR_OK) rv = done(session, argument);
    else if (anew == CKR_USER_ALREADY_LOGGED_IN) rv = sr_refuse(rv, "%s", cause);
    else rv = anew;
  }
  if (rv == CKR_SESSION_HANDLE_INVALID || rv == CKR_CRYPTOKI_NOT_INITIALIZED) C_CloseSession(session);
  else give_back(session);
  return rv;
}

static bool refused(const char *what, CK_OBJECT_HANDLE key, CK_RV rv) {
  engine_error(CLOUDHSM_R_HSM_REFUSED, "%s with key 0x%016lx: %s: %s", what, key, sr_rv_name(rv), sr_last_cause());
  return false;
}

static CK_RV nothing(CK_SESSION_HANDLE session, void *argument) {
  (void)session, (void)argument;
  return CKR_OK;
}

static bool has_pin(void) {
  char pin[PIN_SIZE];
  bool has = read_pin(pin);
  explicit_bzero(pin, sizeof pin);
  return has;
}

bool hsm_start(void) {
  CK_RV rv = C_Initialize(NULL);
  if (rv != CKR_OK && rv != CKR_CRYPTOKI_ALREADY_INITIALIZED) {
    engine_error(CLOUDHSM_R_CONFIGURATION, "%s", sr_last_cause());
    return false;
  }
  if (!has_pin()) sr_log(SR_LOG_WARN, "OpenSSL engine: CLOUDHSM_PIN is not set: no key can be used");
  return true;
}

bool hsm_log_in(void) {
  if (!has_pin()) {
    engine_error(CLOUDHSM_R_NO_PIN, "set CLOUDHSM_PIN to user:password (at most %d bytes)", PIN_SIZE - 1);
    return false;
  }
  CK_RV rv = in_session(nothing, NULL);
  if (rv != CKR_OK) engine_error(CLOUDHSM_R_HSM_REFUSED, "login: %s: %s", sr_rv_name(rv), sr_last_cause());
  return rv == CKR_OK;
}

struct use {
  bool decrypt;
  CK_MECHANISM mechanism;
  CK_OBJECT_HANDLE key;
  CK_BYTE_PTR in, out;
  CK_ULONG in_size, out_size;
};

static CK_RV use_key(CK_SESSION_HANDLE session, void *argument) {
  struct use *u = argument;
  CK_RV rv = u->decrypt ? C_DecryptInit(session, &u->mechanism, u->key) : C_SignInit(session, &u->mechanism, u->key);
  if (rv != CKR_OK) return rv;
  CK_ULONG size = u->out_size;
  rv = u->decrypt ? C_Decrypt(session, u->in, u->in_size, u->out, &size)
                  : C_Sign(session, u->in, u->in_size, u->out, &size);
  if (rv == CKR_OK) u->out_size = size;
  if (rv == CKR_BUFFER_TOO_SMALL) C_SessionCancel(session, u->decrypt ? CKF_DECRYPT : CKF_SIGN);
  return rv;
}

bool hsm_use(bool decrypt, CK_MECHANISM_TYPE mechanism, CK_OBJECT_HANDLE key, const uint8_t *in, size_t in_size,
             uint8_t *out, size_t *out_size) {
  struct use u = {decrypt, {mechanism, NULL, 0}, key, (CK_BYTE_PTR)in, out, in_size, *out_size};
  CK_RV rv = in_session(use_key, &u);
  if (rv != CKR_OK) return refused(decrypt ? "decryption" : "signature", key, rv);
  *out_size = u.out_size;
  return true;
}

struct reading {
  CK_OBJECT_HANDLE key;
  CK_ATTRIBUTE info;
};

static CK_RV read_info(CK_SESSION_HANDLE session, void *argument) {
  struct reading *r = argument;
  return C_GetAttributeValue(session, r->key, &r->info, 1);
}

bool hsm_has_public_key(CK_OBJECT_HANDLE key, const uint8_t *info, size_t info_size) {
  uint8_t found[MAX_PUBLIC_KEY];
  struct reading r = {key, {CKA_PUBLIC_KEY_INFO, found, sizeof found}};
  CK_RV rv = in_session(read_info, &r);
  if (rv != CKR_OK) return refused("reading the public key", key, rv);
  if (r.info.ulValueLen == info_size && memcmp(found, info, info_size) == 0) return true;
  engine_error(CLOUDHSM_R_OTHER_KEY, "key 0x%016lx of the cluster has not the public key that stands in the file", key);
  return false;
}
