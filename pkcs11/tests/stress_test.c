// Many threads over the shared links, with faults, forks and threads that come and go. A watchdog ends the test if any
// call does not return: a lost wake-up would show as that. Run under ThreadSanitizer too (make SAN=thread test).
#include <dirent.h>
#include <pthread.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "check.h"
#include "instance.h"
#include "mock_hsm.h"
#include "pkcs11.h"
#include "protocol.g.h"

// No forks under the sanitizers: neither keeps its own locks right when a process of many threads forks.
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
enum { THREADS = 16, FORKING = 0, SLOWER = 6 };
static int calls = 400, forks = 0, rounds = 20;
#else
enum { THREADS = 64, FORKING = 1, SLOWER = 1 };
static int calls = 2000, forks = 100, rounds = 1000;  // ten times as many with STRONGROOM_SOAK=1
#endif

static struct mock_hsm hsm;
static const CK_SLOT_ID slot = 0x2000000000000001;
static _Atomic unsigned long done, failed;
static _Atomic int over;
static CK_SESSION_HANDLE sessions[THREADS];

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
  for (int i = 0; i < calls && !atomic_load(&over); i++) {
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

static void run_threads_with(int count, void *(*body)(void *)) {
  pthread_t threads[THREADS];
  atomic_store(&done, 0);
  atomic_store(&failed, 0);
  atomic_store(&over, 0);
  for (long i = 0; i < count; i++) pthread_create(&threads[i], NULL, body, (void *)i);
  for (int i = 0; i < count; i++) pthread_join(threads[i], NULL);
}

static void run_threads(int count) { run_threads_with(count, work); }

static void start(void) {
  mock_reset(&hsm);
  CHECK_EQUAL(C_Initialize(NULL), CKR_OK);
}

// Between calls nothing waits: whoever was counted in has been counted out. A wrong count loses no call, but leaders
// that misjudge their queue linger for nobody, or for nothing. And batches must have taken both bells.
static void check_counts(void) {
  struct sr_instance *instance = sr_instance_enter();
  CHECK(instance != NULL);
  if (instance == NULL) return;
  struct sr_cluster *cluster = &instance->clusters[0];
  CHECK_EQUAL(atomic_load(&cluster->in_flight), 0);
  for (unsigned i = 0; i < SR_LINKS; i++) CHECK_EQUAL(atomic_load(&cluster->links[i].queued), 0);
  CHECK(cluster->links[0].batches > 1);
  sr_instance_leave();
}

static void Threads_share_connections_and_combine(void) {
  start();
  uint64_t connections = atomic_load(&hsm.control->connections);
  atomic_store(&hsm.control->largest_batch, 0);
  atomic_store(&hsm.control->delay_microseconds, 200);
  run_threads(THREADS);
  CHECK_EQUAL(atomic_load(&failed), 0);
  CHECK_EQUAL(atomic_load(&done), THREADS * calls);
  CHECK(atomic_load(&hsm.control->connections) - connections <= 8);
  CHECK(atomic_load(&hsm.control->largest_batch) > 2);
  check_counts();
  CHECK_EQUAL(C_Finalize(NULL), CKR_OK);
}

static void *make_keys(void *argument) {
  CK_MECHANISM aes = {CKM_AES_KEY_GEN, NULL, 0};
  CK_ULONG bytes = 32;
  CK_ATTRIBUTE length = {CKA_VALUE_LEN, &bytes, sizeof bytes};
  for (int i = 0; i < 10; i++) {
    CK_OBJECT_HANDLE key;
    if (C_GenerateKey(sessions[(long)argument], &aes, &length, 1, &key) != CKR_OK) atomic_fetch_add(&failed, 1);
    atomic_fetch_add(&done, 1);
  }
  return NULL;
}

// One fsync of the HSM's then does for many.
static void Keys_are_made_in_batches(void) {
  start();
  for (int i = 0; i < THREADS; i++)
    CHECK_EQUAL(C_OpenSession(slot, CKF_SERIAL_SESSION, NULL, NULL, &sessions[i]), CKR_OK);
  run_threads_with(THREADS, make_keys);  // the HSM hears of a session at its first use
  CHECK_EQUAL(atomic_load(&failed), 0);
  atomic_store(&hsm.control->largest_batch, 0);
  atomic_store(&hsm.control->delay_microseconds, 5000);
  run_threads_with(THREADS, make_keys);
  CHECK_EQUAL(atomic_load(&failed), 0);
  CHECK(atomic_load(&hsm.control->largest_batch) > 2);
  check_counts();
  CHECK_EQUAL(C_Finalize(NULL), CKR_OK);
}

static void Few_threads_have_a_connection_each(void) {
  start();
  run_threads(4);
  CHECK_EQUAL(atomic_load(&failed), 0);
  check_counts();
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
    CHECK_EQUAL(atomic_load(&done), THREADS / 4 * calls);
    check_counts();
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

// Initialises anew, signs, and ends with or without C_Finalize.
static int begin_anew(int finalize) {
  CK_SESSION_HANDLE h;
  CK_BYTE signature[64];
  CK_ULONG length = 64;
  CK_MECHANISM ecdsa = {CKM_ECDSA, NULL, 0};
  return C_Sign(1, NULL, 0, NULL, NULL) == CKR_CRYPTOKI_NOT_INITIALIZED && C_Initialize(NULL) == CKR_OK &&
         C_OpenSession(slot, CKF_SERIAL_SESSION, NULL, NULL, &h) == CKR_OK && C_SignInit(h, &ecdsa, 1) == CKR_OK &&
         C_Sign(h, (CK_BYTE_PTR) "x", 1, signature, &length) == CKR_OK && (!finalize || C_Finalize(NULL) == CKR_OK);
}

// What becomes of the child: a kind of daemon (it forks again before it has used anything), one that forks after use,
// and the plain one.
static int live_as_child(int number) {
  alarm(60);
  int forks_first = number % 4 == 1, forks_later = number % 4 == 2, status = 0;
  if (!forks_first && !begin_anew(0)) return 1;
  if (forks_first || forks_later) {
    pid_t grandchild = fork();
    if (grandchild == 0) {
      alarm(60);
      _exit(begin_anew(1) ? 0 : 1);
    }
    waitpid(grandchild, &status, 0);
    if (status != 0) return WIFSIGNALED(status) ? 2 : 1;
  }
  if (forks_first) return begin_anew(1) ? 0 : 1;
  return number % 4 != 0 || C_Finalize(NULL) == CKR_OK ? 0 : 1;
}

static _Atomic int hung, bad, forked;  // of all children so far

// Forks from whichever thread this runs in.
static void *fork_children(void *argument) {
  int count = (int)(long)argument;
  for (int i = 0; i < count; i++) {
    pid_t child = fork();
    if (child == 0) _exit(live_as_child(i));
    int status = 0;
    waitpid(child, &status, 0);
    int is_hung = WIFSIGNALED(status) || (WIFEXITED(status) && WEXITSTATUS(status) == 2);
    atomic_fetch_add(&hung, is_hung);
    atomic_fetch_add(&bad, !is_hung && status != 0);
    atomic_fetch_add(&forked, 1);
  }
  return NULL;
}

// By this process, from the log: a call whose connection was lost succeeds all the same, on a new one.
static int connections_lost_here(void) {
  char path[128], mark[64], line[1024];
  int count = 0;
  snprintf(path, sizeof path, "%s/log", hsm.directory);
  snprintf(mark, sizeof mark, "[%ld] warn connection lost", (long)getpid());
  FILE *log = fopen(path, "r");
  while (log != NULL && fgets(line, sizeof line, log) != NULL) count += strstr(line, mark) != NULL;
  if (log != NULL) fclose(log);
  return count;
}

// Children of a process whose threads are inside calls, forked from the main thread and from two others at once: each
// initialises anew, signs and ends. None hangs, and the parent's calls go on.
static void fork_amid_calls(void) {
  pthread_t threads[16], forkers[2];
  atomic_store(&over, 0);
  atomic_store(&failed, 0);
  atomic_store(&forked, 0);
  for (int i = 0; i < 16; i++) pthread_create(&threads[i], NULL, keep_working, NULL);
  usleep(100000);
  for (int i = 0; i < 2; i++) pthread_create(&forkers[i], NULL, fork_children, (void *)(long)(forks / 4));
  fork_children((void *)(long)(forks - forks / 4 * 2));
  for (int i = 0; i < 2; i++) pthread_join(forkers[i], NULL);
  atomic_store(&over, 1);
  for (int i = 0; i < 16; i++) pthread_join(threads[i], NULL);
  CHECK_EQUAL(atomic_load(&forked), forks);
  CHECK_EQUAL(atomic_load(&hung), 0);
  CHECK_EQUAL(atomic_load(&bad), 0);
  CHECK_EQUAL(atomic_load(&failed), 0);
}

static void Forks_amid_calls_harm_nobody(void) {
  start();
  int lost_before = connections_lost_here();
  fork_amid_calls();
  CHECK_EQUAL(connections_lost_here(), lost_before);
  CHECK_EQUAL(C_Finalize(NULL), CKR_OK);
}

// While connections are made OpenSSL holds its locks longest: without the lock of fork.c it is here that children hang.
static void Forks_amid_handshakes_harm_nobody(void) {
  start();
  atomic_store(&hsm.control->fault_function, SR_FUNCTION_PERFORM);
  atomic_store(&hsm.control->fault_every, 3);
  atomic_store(&hsm.control->fault, MOCK_CLOSE);
  fork_amid_calls();
  CHECK_EQUAL(C_Finalize(NULL), CKR_OK);
}

static unsigned long resident_kib(void) {
  unsigned long pages = 0;
  FILE *file = fopen("/proc/self/statm", "r");
  if (file == NULL || fscanf(file, "%*u %lu", &pages) != 1) pages = 0;
  if (file != NULL) fclose(file);
  return pages * 4;
}

static int descriptors(void) {
  int count = 0;
  DIR *directory = opendir("/proc/self/fd");
  while (directory != NULL && readdir(directory) != NULL) count++;
  if (directory != NULL) closedir(directory);
  return count;
}

static void Rounds_of_initialise_and_finalise_do_not_grow(void) {
  unsigned long before = 0;
  int open_before = 0;
  for (int i = 0; i < rounds; i++) {
    CHECK_EQUAL(C_Initialize(NULL), CKR_OK);
    if (i % 10 == 0) {
      CK_SESSION_HANDLE h;
      CHECK_EQUAL(C_OpenSession(slot, CKF_SERIAL_SESSION, NULL, NULL, &h), CKR_OK);
    }
    CHECK_EQUAL(C_Finalize(NULL), CKR_OK);
    if (i == rounds / 10) {
      before = resident_kib();
      open_before = descriptors();
    }
  }
  CHECK(resident_kib() < before + 2048 * SLOWER);
  CHECK_EQUAL(descriptors(), open_before);
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
  const char *soak = getenv("STRONGROOM_SOAK");
  if (soak != NULL && soak[0] == '1') {
    calls *= 10;
    forks *= 10;
    rounds *= 10;
  }
  mock_retry_seconds = 50;  // on a busy machine some handshakes in a row may take as long as that
  mock_start(&hsm, 0);
  setenv("STRONGROOM_PKCS11_CONFIG", hsm.config, 1);
  pthread_create(&watchdog, NULL, watch, NULL);
  RUN(Threads_share_connections_and_combine);
  RUN(Keys_are_made_in_batches);
  RUN(Few_threads_have_a_connection_each);
  RUN(No_call_is_lost_under_faults);
  RUN(Finalize_amid_calls_lets_them_end);
  if (FORKING) RUN(Forks_amid_calls_harm_nobody);
  if (FORKING) RUN(Forks_amid_handshakes_harm_nobody);
  RUN(Rounds_of_initialise_and_finalise_do_not_grow);
  mock_stop(&hsm);
  return CHECK_END();
}
