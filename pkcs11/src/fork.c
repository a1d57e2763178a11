#include "fork.h"

#include <openssl/crypto.h>
#include <pthread.h>
#include <stdbool.h>

#include "instance.h"

static struct {
  pthread_once_t once;
  bool ready;
  pthread_mutex_t lifecycle;
  pthread_rwlock_t openssl;
  pthread_key_t thread_end;
} forking = {.once = PTHREAD_ONCE_INIT, .lifecycle = PTHREAD_MUTEX_INITIALIZER};

static _Thread_local bool has_openssl_state;

void sr_openssl_enter(void) {
  pthread_rwlock_rdlock(&forking.openssl);
  if (!has_openssl_state) {
    has_openssl_state = true;
    pthread_setspecific(forking.thread_end, &forking);
  }
}

void sr_openssl_leave(void) { pthread_rwlock_unlock(&forking.openssl); }

// OpenSSL frees what it keeps for a thread in a destructor of its own, which would run outside our lock and be caught
// by a fork. This one runs before it (our key is made first, and the C library goes through keys in that order) and
// leaves it nothing to do.
static void end_thread(void *unused) {
  (void)unused;
  pthread_rwlock_rdlock(&forking.openssl);
  OPENSSL_thread_stop();
  pthread_rwlock_unlock(&forking.openssl);
}

static bool make_lock(void) {
  pthread_rwlockattr_t attributes;
  if (pthread_rwlockattr_init(&attributes) != 0) return false;
  bool good = pthread_rwlockattr_setkind_np(&attributes, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP) == 0 &&
              pthread_rwlock_init(&forking.openssl, &attributes) == 0;
  pthread_rwlockattr_destroy(&attributes);
  return good;
}

// The order of these two locks is the same everywhere: lifecycle, then OpenSSL.
static void before_fork(void) {
  pthread_mutex_lock(&forking.lifecycle);
  pthread_rwlock_wrlock(&forking.openssl);
}

static void after_fork_in_parent(void) {
  pthread_rwlock_unlock(&forking.openssl);
  pthread_mutex_unlock(&forking.lifecycle);
}

// The child has one thread, and the locks remember waiters that do not exist in it: they are made anew.
static void after_fork_in_child(void) {
  make_lock();
  pthread_mutex_init(&forking.lifecycle, NULL);
  sr_instance_abandon();
}

static void prepare(void) {
  forking.ready = make_lock() && pthread_key_create(&forking.thread_end, end_thread) == 0 &&
                  pthread_atfork(before_fork, after_fork_in_parent, after_fork_in_child) == 0;
}

bool sr_fork_prepare_process(void) {
  pthread_once(&forking.once, prepare);
  return forking.ready;
}

void sr_lifecycle_lock(void) { pthread_mutex_lock(&forking.lifecycle); }

void sr_lifecycle_unlock(void) { pthread_mutex_unlock(&forking.lifecycle); }
