// The HSM that is down at C_Initialize, dies under calls, comes back later, or has moved: the standard's codes, the
// cause in the log, and recovery while the application runs on.
#include <pthread.h>
#include <unistd.h>

#include "check.h"
#include "mock_hsm.h"
#include "pkcs11.h"
#include "protocol.g.h"

static struct mock_hsm hsm;
static const CK_SLOT_ID slot = 0x2000000000000001;
static CK_MECHANISM ecdsa = {CKM_ECDSA, NULL, 0}, sha256 = {CKM_SHA256, NULL, 0};

static CK_RV sign(CK_SESSION_HANDLE h) {
  CK_BYTE signature[64];
  CK_ULONG length = sizeof signature;
  CK_RV rv = C_SignInit(h, &ecdsa, 1);
  return rv != CKR_OK ? rv : C_Sign(h, (CK_BYTE_PTR) "x", 1, signature, &length);
}

static CK_SESSION_HANDLE logged_in(void) {
  CK_SESSION_HANDLE h = 0;
  CHECK_EQUAL(C_OpenSession(slot, CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, &h), CKR_OK);
  CHECK_EQUAL(C_Login(h, CKU_USER, (CK_UTF8CHAR_PTR) "user:password", 13), CKR_OK);
  CHECK_EQUAL(sign(h), CKR_OK);
  return h;
}

// From now on nothing is served: what is asked next loses its connection, and new ones are closed at once.
static void go_down(void) {
  atomic_store(&hsm.control->refuse, 1);
  atomic_store(&hsm.control->fault_function, SR_FUNCTION_PERFORM);
  atomic_store(&hsm.control->fault, MOCK_CLOSE);
}

static char *read_file(const char *path) {
  static char text[1 << 20];
  FILE *file = fopen(path, "r");
  size_t size = file != NULL ? fread(text, 1, sizeof text - 1, file) : 0;
  if (file != NULL) fclose(file);
  text[size] = '\0';
  return text;
}

// Whether a line of the log has both.
static int logged(const char *a, const char *b) {
  char path[128];
  snprintf(path, sizeof path, "%s/log", hsm.directory);
  for (char *line = strtok(read_file(path), "\n"); line != NULL; line = strtok(NULL, "\n"))
    if (strstr(line, a) != NULL && strstr(line, b) != NULL) return 1;
  return 0;
}

// As an administrator's editor does it: a new file under the old name.
static void write_port(int from, int to) {
  char old[16], new[16], path[160];
  snprintf(old, sizeof old, ":%d}", from);
  snprintf(new, sizeof new, ":%d}", to);
  snprintf(path, sizeof path, "%s.new", hsm.config);
  char *text = read_file(hsm.config), *at = strstr(text, old);
  CHECK(at != NULL);
  FILE *file = fopen(path, "w");
  if (at == NULL || file == NULL) return;
  fprintf(file, "%.*s%s%s", (int)(at - text), text, new, at + strlen(old));
  fclose(file);
  CHECK_EQUAL(rename(path, hsm.config), 0);
}

static void A_token_that_can_not_be_reached_is_not_present_and_the_log_says_why(void) {
  mock_reset(&hsm);
  write_port(hsm.port, 1);  // nobody listens there
  CHECK_EQUAL(C_Initialize(NULL), CKR_OK);
  CK_SESSION_HANDLE h;
  CK_TOKEN_INFO token;
  CK_SLOT_INFO info;
  CK_MECHANISM_TYPE list[64];
  CK_MECHANISM_INFO mechanism;
  CK_ULONG count = 0;
  CHECK_EQUAL(C_GetSlotList(CK_TRUE, NULL, &count), CKR_OK);
  CHECK_EQUAL(count, 1);
  CHECK_EQUAL(C_GetSlotInfo(slot, &info), CKR_OK);
  CHECK_EQUAL(C_OpenSession(slot, CKF_SERIAL_SESSION, NULL, NULL, &h), CKR_TOKEN_NOT_PRESENT);
  CHECK_EQUAL(C_GetTokenInfo(slot, &token), CKR_TOKEN_NOT_PRESENT);
  count = 64;
  CHECK_EQUAL(C_GetMechanismList(slot, list, &count), CKR_TOKEN_NOT_PRESENT);
  CHECK_EQUAL(C_GetMechanismInfo(slot, CKM_ECDSA, &mechanism), CKR_TOKEN_NOT_PRESENT);
  CHECK(logged("C_OpenSession: CKR_TOKEN_NOT_PRESENT", "127.0.0.1 port 1: Connection refused"));
  CHECK(logged("C_GetTokenInfo: CKR_TOKEN_NOT_PRESENT", "127.0.0.1 port 1: Connection refused"));
  CHECK(logged("C_GetMechanismInfo: CKR_TOKEN_NOT_PRESENT", "127.0.0.1 port 1: Connection refused"));
  write_port(1, hsm.port);  // the same process, the same C_Initialize
  usleep(1100000);          // the file is looked at once a second, not with every call
  CHECK_EQUAL(C_OpenSession(slot, CKF_SERIAL_SESSION, NULL, NULL, &h), CKR_OK);
  CHECK_EQUAL(sign(h), CKR_OK);
  CHECK_EQUAL(C_Finalize(NULL), CKR_OK);
}

static void A_session_whose_HSM_is_gone_gets_device_errors_and_lives_on_when_it_is_back(void) {
  mock_reset(&hsm);
  CHECK_EQUAL(C_Initialize(NULL), CKR_OK);
  CK_SESSION_HANDLE h = logged_in(), other;
  CK_SESSION_INFO info;
  CK_BYTE bytes[32];
  CK_ULONG length = 32;
  CK_OBJECT_HANDLE key;
  CK_MECHANISM generate = {CKM_AES_KEY_GEN, NULL, 0};
  CK_ATTRIBUTE label = {CKA_LABEL, bytes, sizeof bytes};
  uint64_t logins = atomic_load(&hsm.control->logins);
  CHECK_EQUAL(C_DigestInit(h, &sha256), CKR_OK);
  go_down();
  CHECK_EQUAL(sign(h), CKR_DEVICE_ERROR);
  CHECK(logged("C_Sign: CKR_DEVICE_ERROR", "no HSM answers"));
  CHECK(logged("warn", "no HSM of the cluster can be reached"));
  CHECK_EQUAL(C_Sign(h, bytes, 1, bytes, &length), CKR_OPERATION_NOT_INITIALIZED);  // an error ends the operation
  CHECK_EQUAL(C_Digest(h, bytes, 32, bytes, &length), CKR_DEVICE_ERROR);
  CHECK_EQUAL(C_GetSessionInfo(h, &info), CKR_DEVICE_ERROR);
  CHECK_EQUAL(C_GenerateRandom(h, bytes, 32), CKR_DEVICE_ERROR);
  CHECK_EQUAL(C_GenerateKey(h, &generate, NULL, 0, &key), CKR_DEVICE_ERROR);
  CHECK_EQUAL(C_GetAttributeValue(h, 1, &label, 1), CKR_DEVICE_ERROR);
  CHECK_EQUAL(C_FindObjectsInit(h, NULL, 0), CKR_DEVICE_ERROR);
  CHECK_EQUAL(C_FindObjects(h, &key, 1, &length), CKR_OPERATION_NOT_INITIALIZED);
  CHECK_EQUAL(C_OpenSession(slot, CKF_SERIAL_SESSION, NULL, NULL, &other), CKR_TOKEN_NOT_PRESENT);
  atomic_store(&hsm.control->refuse, 0);
  CHECK_EQUAL(sign(h), CKR_OK);
  CHECK(logged("info", "the cluster is reachable again"));
  CHECK_EQUAL(C_GetSessionInfo(h, &info), CKR_OK);
  CHECK_EQUAL(atomic_load(&hsm.control->logins), logins);  // by its ticket
  CHECK_EQUAL(C_Finalize(NULL), CKR_OK);
}

static void Closing_and_finalising_work_while_the_HSM_is_gone(void) {
  mock_reset(&hsm);
  CHECK_EQUAL(C_Initialize(NULL), CKR_OK);
  CK_SESSION_HANDLE a = logged_in(), b = 0;
  CHECK_EQUAL(C_OpenSession(slot, CKF_SERIAL_SESSION, NULL, NULL, &b), CKR_OK);
  go_down();
  CHECK_EQUAL(sign(a), CKR_DEVICE_ERROR);
  CHECK_EQUAL(C_CloseSession(a), CKR_OK);
  CHECK_EQUAL(C_CloseAllSessions(slot), CKR_OK);
  CHECK_EQUAL(C_CloseSession(b), CKR_SESSION_HANDLE_INVALID);
  CHECK_EQUAL(C_Finalize(NULL), CKR_OK);
}

static _Atomic int failed, over;

static void *sign_on(void *unused) {
  (void)unused;
  CK_SESSION_HANDLE h;
  if (C_OpenSession(slot, CKF_SERIAL_SESSION, NULL, NULL, &h) != CKR_OK) atomic_fetch_add(&failed, 1);
  while (!atomic_load(&over)) atomic_fetch_add(&failed, sign(h) != CKR_OK);
  return NULL;
}

// The HSM of the threads' calls moves to another address and the file says so a moment later: no call fails.
static void An_HSM_that_moved_is_found_by_the_configuration_while_calls_wait(void) {
  mock_reset(&hsm);
  CHECK_EQUAL(C_Initialize(NULL), CKR_OK);
  logged_in();
  pthread_t threads[8];
  atomic_store(&failed, 0);
  atomic_store(&over, 0);
  for (int i = 0; i < 8; i++) pthread_create(&threads[i], NULL, sign_on, NULL);
  int from = hsm.port, to = hsm.other_port;
  for (int move = 0; move < 2; move++) {
    usleep(50000);
    atomic_store(&hsm.control->moved_from, move + 1);
    atomic_store(&hsm.control->drop_all, 1);
    usleep(300000);
    write_port(from, to);
    uint64_t signatures = atomic_load(&hsm.control->counts[SR_FUNCTION_PERFORM]);
    atomic_store(&hsm.control->drop_all, 0);
    while (atomic_load(&hsm.control->counts[SR_FUNCTION_PERFORM]) < signatures + 50 && atomic_load(&failed) == 0)
      usleep(1000);
    from = hsm.other_port;
    to = hsm.port;
  }
  atomic_store(&over, 1);
  for (int i = 0; i < 8; i++) pthread_join(threads[i], NULL);
  CHECK_EQUAL(atomic_load(&failed), 0);
  CHECK(logged("info", "the configuration names other HSMs now"));
  CHECK_EQUAL(C_Finalize(NULL), CKR_OK);
}

int main(void) {
  alarm(250);  // a call that never returns is a failure too
  mock_start(&hsm, 1);
  setenv("STRONGROOM_PKCS11_CONFIG", hsm.config, 1);
  RUN(A_token_that_can_not_be_reached_is_not_present_and_the_log_says_why);
  RUN(A_session_whose_HSM_is_gone_gets_device_errors_and_lives_on_when_it_is_back);
  RUN(Closing_and_finalising_work_while_the_HSM_is_gone);
  mock_stop(&hsm);
  mock_retry_seconds = 50;  // of the next no call may fail, however long the handshakes take on a busy machine
  mock_start(&hsm, 1);
  setenv("STRONGROOM_PKCS11_CONFIG", hsm.config, 1);
  RUN(An_HSM_that_moved_is_found_by_the_configuration_while_calls_wait);
  mock_stop(&hsm);
  return CHECK_END();
}
