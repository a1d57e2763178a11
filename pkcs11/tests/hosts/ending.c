// How hosts end: without C_Finalize, with threads inside calls, by dlclose. Each ending is lived by a child; a signal,
// or a guard of a minute, makes it fail. Run by with_mock; also with another OpenSSL before ours (other_openssl.sh).
#include <dirent.h>
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "module.h"

static struct module m;

// The child's exit code; what ends it otherwise is said.
static int ending(void (*life)(void)) {
  fflush(NULL);
  pid_t child = fork();
  if (child == 0) {
    alarm(60);
    life();
    exit(4);  // no life comes back
  }
  int status = 0;
  waitpid(child, &status, 0);
  if (WIFSIGNALED(status)) fprintf(stderr, "    ended by signal %d\n", WTERMSIG(status));
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void begin(CK_SESSION_HANDLE *h) {
  m = module_load();
  if (module_begin(&m, h) != CKR_OK) exit(5);
}

static void *sign_on(void *unused) {
  (void)unused;
  CK_SESSION_HANDLE h;
  if (module_open(&m, &h) != CKR_OK) exit(6);
  while (module_sign(&m, h) == CKR_OK) continue;
  return NULL;
}

static void exit_at_once(void) {
  CK_SESSION_HANDLE h;
  begin(&h);
  exit(0);
}

static void exit_amid_calls(void) {
  CK_SESSION_HANDLE h;
  pthread_t threads[8];
  begin(&h);
  for (int i = 0; i < 8; i++) pthread_create(&threads[i], NULL, sign_on, NULL);
  usleep(20000);
  exit(0);
}

static void finalize_late(void) {
  CK_SESSION_HANDLE h;
  if (module_open(&m, &h) != CKR_OK || module_sign(&m, h) != CKR_OK || m.list->C_Finalize(NULL) != CKR_OK) _exit(7);
}

static void finalize_in_atexit(void) {
  CK_SESSION_HANDLE h;
  atexit(finalize_late);
  begin(&h);
  exit(0);
}

static void finalize_in_atexit_amid_calls(void) {
  atexit(finalize_late);
  exit_amid_calls();
}

static void *sign_once(void *stop) {
  CK_SESSION_HANDLE h;
  if (module_open(&m, &h) != CKR_OK || module_sign(&m, h) != CKR_OK) exit(6);
  pthread_barrier_wait(stop);
  pthread_barrier_wait(stop);
  return NULL;
}

// A thread ends after the library was unloaded beneath it: nothing that it left in the thread may jump into nowhere.
static void dlclose_before_a_thread_ends(void) {
  CK_SESSION_HANDLE h;
  pthread_t thread;
  pthread_barrier_t stop;
  pthread_barrier_init(&stop, NULL, 2);
  begin(&h);
  pthread_create(&thread, NULL, sign_once, &stop);
  pthread_barrier_wait(&stop);
  dlclose(m.handle);
  pthread_barrier_wait(&stop);
  pthread_join(thread, NULL);
  pid_t child = fork();  // the handlers of fork are still called
  if (child == 0) _exit(0);
  int status = 1;
  waitpid(child, &status, 0);
  exit(status);
}

static void load_again_in_a_child(void) {
  CK_SESSION_HANDLE h;
  begin(&h);
  dlclose(m.handle);
  pid_t child = fork();
  if (child == 0) exit_at_once();
  int status = 1;
  waitpid(child, &status, 0);
  exit(WIFEXITED(status) ? WEXITSTATUS(status) : 8);
}

static void Exit_without_C_Finalize_is_quiet(void) { CHECK_EQUAL(ending(exit_at_once), 0); }

static void Exit_with_threads_inside_calls_is_quiet(void) {
  for (int i = 0; i < 3; i++) CHECK_EQUAL(ending(exit_amid_calls), 0);
}

static void C_Finalize_works_in_an_exit_handler(void) {
  CHECK_EQUAL(ending(finalize_in_atexit), 0);
  for (int i = 0; i < 3; i++) CHECK_EQUAL(ending(finalize_in_atexit_amid_calls), 0);
}

static void Dlclose_leaves_nothing_behind_that_jumps_into_it(void) {
  CHECK_EQUAL(ending(dlclose_before_a_thread_ends), 0);
  CHECK_EQUAL(ending(load_again_in_a_child), 0);
}

static int descriptors(void) {
  int count = 0;
  DIR *directory = opendir("/proc/self/fd");
  while (directory != NULL && readdir(directory) != NULL) count++;
  if (directory != NULL) closedir(directory);
  return count;
}

static void Loading_and_unloading_again_and_again_does_not_grow(void) {
  int before = 0;
  for (int i = 0; i < 20; i++) {
    CK_SESSION_HANDLE h;
    m = module_load();
    CHECK_EQUAL(module_begin(&m, &h), CKR_OK);
    CHECK_EQUAL(m.list->C_Finalize(NULL), CKR_OK);
    CHECK_EQUAL(dlclose(m.handle), 0);
    if (i == 5) before = descriptors();
  }
  CHECK_EQUAL(descriptors(), before);
}

int main(void) {
  RUN(Exit_without_C_Finalize_is_quiet);
  RUN(Exit_with_threads_inside_calls_is_quiet);
  RUN(C_Finalize_works_in_an_exit_handler);
  RUN(Dlclose_leaves_nothing_behind_that_jumps_into_it);
  RUN(Loading_and_unloading_again_and_again_does_not_grow);
  return CHECK_END();
}
