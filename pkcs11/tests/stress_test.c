// Many threads over the shared links, with faults, forks and threads that come and go. A watchdog ends the test if any
// call does not return: a lost wake-up would show as that. Run under ThreadSanitizer too (make SAN=thread test).
#include <pthread.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "check.h"
#include "mock_hsm.h"
#include "pkcs11.h"
#include "protocol.g.h"

// No forks under the sanitizers: neither keeps its own locks right when a process of many threads forks.
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
enum { THREADS = 16, CALLS = 400, FORKS = 0, ROUNDS = 20, SLOWER = 6 };
#else
// The long form: make CFLAGS="-O2 -DFORKS=1000 -DROUNDS=10000" test
#ifndef FORKS
#define FORKS 100
#endif
#ifndef ROUNDS
#define ROUNDS 1000
#endif
enum { THREADS = 64, CALLS = 2000, SLOWER = 1 };
#endif

static struct mock_hsm hsm;
static const CK_SLOT_ID slot = 0x2000000000000001;
static _Atomic unsigned long done, failed;
static _Atomic int over;

// Each thread signs its own data and knows what the mock must answer: an answer given to the wrong call is seen.
static void *work(void *argument) {
  unsigned long number = (unsigned long)argument;
  CK_MECHANISM ecdsa = {CKM_ECDSA, NULL, 0};
  CK_SESSION_HANDLE h;
  CK_BYTE first[64], signature[64], data[40];
  if (C_OpenSession(slot, CKF_SERIAL_SESSION, NULL, NULL, &h) != CKR_OK) {
    atomic_fetch_add(&failed, 1);
    return NULL;
  }
  memset(data, (int)number, sizeof data);
  for (int i = 0; i < CALLS && !atomic_load(&over); i++) {
    CK_ULONG length = 64;
    memcpy(data, &number, sizeof number);
    CK_RV rv = C_SignInit(h, &ecdsa, 1 + number % 3);
    if (rv == CKR_OK) rv = C_Sign(h, data, sizeof data, i == 0 ? first : signature, &length);
    if (rv == CKR_OK && i > 0 && memcmp(first, signature, 64) != 0) rv = CKR_GENERAL_ERROR;
    if (rv != CKR_OK) atomic_fetch_add(&failed, 1);
    atomic_fetch_add(&done, 1);
  }
  C_CloseSession(h);
  return NULL;
}

static void run_threads(int count) {
  pthread_t threads[THREADS];
  atomic_store(&done, 0);
  atomic_store(&failed, 0);
  atomic_store(&over, 0);
  for (long i = 0; i < count; i++) pthread_create(&threads[i], NULL, work, (void *)i);
  for (int i = 0; i < count; i++) pthread_join(threads[i], NULL);
}

static void start(void) {
  mock_reset(&hsm);
  CHECK_EQUAL(C_Initialize(NULL), CKR_OK);
}

static void Threads_share_connections_and_combine(void) {
  start();
  uint64_t connections = atomic_load(&hsm.control->connections);
  atomic_store(&hsm.control->largest_batch, 0);
  atomic_store(&hsm.control->delay_microseconds, 200);
  run_threads(THREADS);
  CHECK_EQUAL(atomic_load(&failed), 0);
  CHECK_EQUAL(atomic_load(&done), THREADS * CALLS);
  CHECK(atomic_load(&hsm.control->connections) - connections <= 8);
  CHECK(atomic_load(&hsm.control->largest_batch) > 2);
  CHECK_EQUAL(C_Finalize(NULL), CKR_OK);
}

static void Few_threads_have_a_connection_each(void) {
  start();
  run_threads(4);
  CHECK_EQUAL(atomic_load(&failed), 0);
  CHECK_EQUAL(C_Finalize(NULL), CKR_OK);
}

static void No_call_is_lost_under_faults(void) {
  for (int fault = MOCK_CLOSE; fault < MOCK_FAULTS; fault++) {
    start();
    atomic_store(&hsm.control->fault_function, SR_FUNCTION_PERFORM);
    atomic_store(&hsm.control->fault_every, 97);
    atomic_store(&hsm.control->fault, fault);
    run_threads(THREADS / 4);
    CHECK_EQUAL(atomic_load(&failed), 0);
    CHECK_EQUAL(atomic_load(&done), THREADS / 4 * CALLS);
    CHECK_EQUAL(C_Finalize(NULL), CKR_OK);
  }
}

static void *finalize_soon(void *unused) {
  (void)unused;
  usleep(50000);
  CHECK_EQUAL(C_Finalize(NULL), CKR_OK);
  atomic_store(&over, 1);
  return NULL;
}

// The standard leaves it undefined. Here every call returns and nothing is used after it is freed.
static void Finalize_amid_calls_lets_them_end(void) {
  for (int i = 0; i < 10; i++) {
    pthread_t helper;
    start();
    pthread_create(&helper, NULL, finalize_soon, NULL);
    run_threads(THREADS / 4);
    pthread_join(helper, NULL);
  }
}

static void *keep_working(void *unused) {
  (void)unused;
  while (!atomic_load(&over)) {
    pthread_t thread;  // short-lived threads too: what OpenSSL keeps for a thread is freed when it ends
    pthread_create(&thread, NULL, work, (void *)(atomic_load(&done) % 1000));
    pthread_join(thread, NULL);
  }
  return NULL;
}

// Children of a process whose threads are inside calls: each initialises anew, signs and ends. None hangs, and the
// parent's calls go on.
static void Forks_amid_calls_harm_nobody(void) {
  start();
  pthread_t threads[16];
  atomic_store(&over, 0);
  atomic_store(&failed, 0);
  for (int i = 0; i < 16; i++) pthread_create(&threads[i], NULL, keep_working, NULL);
  usleep(100000);
  int hung = 0, bad = 0;
  for (int i = 0; i < FORKS; i++) {
    pid_t child = fork();
    if (child == 0) {
      alarm(30);
      CK_SESSION_HANDLE h;
      CK_BYTE signature[64];
      CK_ULONG length = 64;
      CK_MECHANISM ecdsa = {CKM_ECDSA, NULL, 0};
      int good = C_Sign(1, NULL, 0, NULL, NULL) == CKR_CRYPTOKI_NOT_INITIALIZED && C_Initialize(NULL) == CKR_OK &&
                 C_OpenSession(slot, CKF_SERIAL_SESSION, NULL, NULL, &h) == CKR_OK &&
                 C_SignInit(h, &ecdsa, 1) == CKR_OK && C_Sign(h, (CK_BYTE_PTR) "x", 1, signature, &length) == CKR_OK &&
                 (i % 2 != 0 || C_Finalize(NULL) == CKR_OK);
      _exit(good ? 0 : 1);
    }
    int status = 0;
    waitpid(child, &status, 0);
    hung += WIFSIGNALED(status) != 0;
    bad += WIFEXITED(status) && WEXITSTATUS(status) != 0;
  }
  atomic_store(&over, 1);
  for (int i = 0; i < 16; i++) pthread_join(threads[i], NULL);
  CHECK_EQUAL(hung, 0);
  CHECK_EQUAL(bad, 0);
  CHECK_EQUAL(atomic_load(&failed), 0);
  CHECK_EQUAL(C_Finalize(NULL), CKR_OK);
}

static unsigned long resident_kib(void) {
  unsigned long pages = 0;
  FILE *file = fopen("/proc/self/statm", "r");
  if (file == NULL || fscanf(file, "%*u %lu", &pages) != 1) pages = 0;
  if (file != NULL) fclose(file);
  return pages * 4;
}

static void Rounds_of_initialise_and_finalise_do_not_grow(void) {
  unsigned long before = 0;
  for (int i = 0; i < ROUNDS; i++) {
    CHECK_EQUAL(C_Initialize(NULL), CKR_OK);
    if (i % 10 == 0) {
      CK_SESSION_HANDLE h;
      CHECK_EQUAL(C_OpenSession(slot, CKF_SERIAL_SESSION, NULL, NULL, &h), CKR_OK);
    }
    CHECK_EQUAL(C_Finalize(NULL), CKR_OK);
    if (i == ROUNDS / 10) before = resident_kib();
  }
  CHECK(resident_kib() < before + 2048 * SLOWER);
}

static void *watch(void *unused) {
  (void)unused;
  unsigned long last = ~0ul;
  for (int still = 0; still < 60;) {
    sleep(1);
    unsigned long now = atomic_load(&done) + atomic_load(&hsm.control->frames);
    still = now == last ? still + 1 : 0;
    last = now;
  }
  fprintf(stderr, "    nothing has moved for 60 seconds: a call is lost\n");
  abort();
}

int main(void) {
  pthread_t watchdog;
  mock_start(&hsm, 0);
  setenv("STRONGROOM_PKCS11_CONFIG", hsm.config, 1);
  pthread_create(&watchdog, NULL, watch, NULL);
  RUN(Threads_share_connections_and_combine);
  RUN(Few_threads_have_a_connection_each);
  RUN(No_call_is_lost_under_faults);
  RUN(Finalize_amid_calls_lets_them_end);
  if (FORKS > 0) RUN(Forks_amid_calls_harm_nobody);
  RUN(Rounds_of_initialise_and_finalise_do_not_grow);
  mock_stop(&hsm);
  return CHECK_END();
}
