// The library against a mock HSM: state and length rules, faults of the transport, forks.
#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "check.h"
#include "mock_hsm.h"
#include "pkcs11.h"
#include "protocol.g.h"

static struct mock_hsm hsm;
static const CK_SLOT_ID slot = 0x2000000000000001;
static CK_MECHANISM ecdsa = {CKM_ECDSA, NULL, 0}, sha256 = {CKM_SHA256, NULL, 0},
                    ecdsa_sha256 = {CKM_ECDSA_SHA256, NULL, 0};

static CK_SESSION_HANDLE open_session(void) {
  CK_SESSION_HANDLE h = 0;
  CHECK_EQUAL(C_OpenSession(slot, CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, &h), CKR_OK);
  return h;
}

static void start(void) {
  mock_reset(&hsm);
  CHECK_EQUAL(C_Initialize(NULL), CKR_OK);
}

static void stop(void) { CHECK_EQUAL(C_Finalize(NULL), CKR_OK); }

static CK_RV sign(CK_SESSION_HANDLE h, CK_OBJECT_HANDLE key, const void *data, CK_ULONG size, CK_BYTE *signature) {
  CK_ULONG length = 64;
  CK_RV rv = C_SignInit(h, &ecdsa, key);
  return rv != CKR_OK ? rv : C_Sign(h, (CK_BYTE_PTR)data, size, signature, &length);
}

static void Functions_before_C_Initialize_say_so(void) {
  CK_INFO info;
  CK_SESSION_HANDLE h;
  CHECK_EQUAL(C_GetInfo(&info), CKR_CRYPTOKI_NOT_INITIALIZED);
  CHECK_EQUAL(C_Finalize(NULL), CKR_CRYPTOKI_NOT_INITIALIZED);
  CHECK_EQUAL(C_OpenSession(slot, CKF_SERIAL_SESSION, NULL, NULL, &h), CKR_CRYPTOKI_NOT_INITIALIZED);
  CHECK_EQUAL(C_Sign(1, NULL, 0, NULL, NULL), CKR_CRYPTOKI_NOT_INITIALIZED);
}

static void Initialize_checks_its_arguments(void) {
  CK_C_INITIALIZE_ARGS args = {.pReserved = &args};
  CHECK_EQUAL(C_Initialize(&args), CKR_ARGUMENTS_BAD);
  start();
  CHECK_EQUAL(C_Initialize(NULL), CKR_CRYPTOKI_ALREADY_INITIALIZED);
  CHECK_EQUAL(C_Finalize(&args), CKR_ARGUMENTS_BAD);
  stop();
}

static void There_is_one_slot_with_a_stable_number(void) {
  start();
  CK_ULONG count = 0;
  CK_SLOT_ID id = 0;
  CK_SLOT_INFO info;
  CHECK_EQUAL(C_GetSlotList(CK_TRUE, NULL, &count), CKR_OK);
  CHECK_EQUAL(count, 1);
  CHECK_EQUAL(C_GetSlotList(CK_TRUE, &id, &count), CKR_OK);
  CHECK_EQUAL(id, slot);
  count = 0;
  CHECK_EQUAL(C_GetSlotList(CK_TRUE, &id, &count), CKR_BUFFER_TOO_SMALL);
  CHECK_EQUAL(C_GetSlotInfo(slot, &info), CKR_OK);
  CHECK(info.flags & CKF_TOKEN_PRESENT);
  CHECK_EQUAL(C_GetSlotInfo(slot + 1, &info), CKR_SLOT_ID_INVALID);
  CHECK_EQUAL(C_GetSlotInfo(0, &info), CKR_SLOT_ID_INVALID);
  stop();
}

static void Sessions_open_and_close(void) {
  start();
  CK_SESSION_HANDLE a = open_session(), b = open_session(), h;
  CK_SESSION_INFO info;
  CHECK(a != b);
  CHECK_EQUAL(C_GetSessionInfo(a, &info), CKR_OK);
  CHECK_EQUAL(info.slotID, slot);
  CHECK_EQUAL(info.flags, CKF_SERIAL_SESSION | CKF_RW_SESSION);
  CHECK_EQUAL(C_OpenSession(slot, 0, NULL, NULL, &h), CKR_SESSION_PARALLEL_NOT_SUPPORTED);
  CHECK_EQUAL(C_OpenSession(slot, CKF_SERIAL_SESSION, NULL, NULL, NULL), CKR_ARGUMENTS_BAD);
  CHECK_EQUAL(C_CloseSession(a), CKR_OK);
  CHECK_EQUAL(C_CloseSession(a), CKR_SESSION_HANDLE_INVALID);
  CHECK_EQUAL(C_GetSessionInfo(a, &info), CKR_SESSION_HANDLE_INVALID);
  CK_SESSION_HANDLE c = open_session();  // takes a's place in the table, not its handle
  CHECK(c != a);
  CHECK_EQUAL(C_GetSessionInfo(a, &info), CKR_SESSION_HANDLE_INVALID);
  CHECK_EQUAL(C_CloseAllSessions(slot), CKR_OK);
  CHECK_EQUAL(C_GetSessionInfo(b, &info), CKR_SESSION_HANDLE_INVALID);
  CHECK_EQUAL(C_GetSessionInfo(c, &info), CKR_SESSION_HANDLE_INVALID);
  CHECK_EQUAL(C_GetSessionInfo(~0ul, &info), CKR_SESSION_HANDLE_INVALID);
  stop();
}

static void Sign_follows_the_length_rules(void) {
  start();
  CK_SESSION_HANDLE h = open_session();
  CK_BYTE data[] = "to be signed", signature[64], again[64];
  CK_ULONG length = 0;
  CHECK_EQUAL(C_Sign(h, data, 12, signature, &length), CKR_OPERATION_NOT_INITIALIZED);
  CHECK_EQUAL(C_SignInit(h, &ecdsa, 1), CKR_OK);
  CHECK_EQUAL(C_SignInit(h, &ecdsa, 1), CKR_OPERATION_ACTIVE);
  CHECK_EQUAL(C_Sign(h, data, 12, NULL, &length), CKR_OK);
  CHECK_EQUAL(length, 64);
  length = 63;
  CHECK_EQUAL(C_Sign(h, data, 12, signature, &length), CKR_BUFFER_TOO_SMALL);
  CHECK_EQUAL(length, 64);
  CHECK_EQUAL(C_Sign(h, data, 12, signature, &length), CKR_OK);
  CHECK_EQUAL(C_Sign(h, data, 12, signature, &length), CKR_OPERATION_NOT_INITIALIZED);
  CHECK_EQUAL(sign(h, 1, data, 12, again), CKR_OK);
  CHECK(memcmp(signature, again, 64) == 0);
  CHECK_EQUAL(C_SignInit(h, &ecdsa, 1), CKR_OK);
  CHECK_EQUAL(C_Sign(h, NULL, 12, signature, &length), CKR_ARGUMENTS_BAD);
  CHECK_EQUAL(C_Sign(h, data, 12, signature, &length), CKR_OPERATION_NOT_INITIALIZED);
  stop();
}

static void Init_without_mechanism_ends_an_operation(void) {
  start();
  CK_SESSION_HANDLE h = open_session();
  CHECK_EQUAL(C_SignInit(h, NULL, 1), CKR_ARGUMENTS_BAD);
  CHECK_EQUAL(C_SignInit(h, &ecdsa, 1), CKR_OK);
  CHECK_EQUAL(C_SignInit(h, NULL, 1), CKR_OK);
  CHECK_EQUAL(C_SignInit(h, &ecdsa, 1), CKR_OK);
  CHECK_EQUAL(C_SessionCancel(h, CKF_SIGN), CKR_OK);
  CHECK_EQUAL(C_SignUpdate(h, (CK_BYTE_PTR) "x", 1), CKR_OPERATION_NOT_INITIALIZED);
  stop();
}

static void A_mechanism_of_one_part_refuses_parts(void) {
  start();
  CK_SESSION_HANDLE h = open_session();
  CHECK_EQUAL(C_SignInit(h, &ecdsa, 1), CKR_OK);
  CHECK_EQUAL(C_SignUpdate(h, (CK_BYTE_PTR) "x", 1), CKR_FUNCTION_NOT_SUPPORTED);
  CHECK_EQUAL(C_SignUpdate(h, (CK_BYTE_PTR) "x", 1), CKR_OPERATION_NOT_INITIALIZED);
  CK_MECHANISM unknown = {0x7777, NULL, 0};
  CHECK_EQUAL(C_SignInit(h, &unknown, 1), CKR_MECHANISM_INVALID);
  CHECK_EQUAL(C_SignInit(h, &ecdsa, 404), CKR_KEY_HANDLE_INVALID);
  CHECK_EQUAL(C_SignInit(h, &ecdsa, 1), CKR_OK);
  stop();
}

static void Verify_ends_whatever_it_says(void) {
  start();
  CK_SESSION_HANDLE h = open_session();
  CK_BYTE data[] = "to be signed", signature[64];
  CHECK_EQUAL(sign(h, 1, data, 12, signature), CKR_OK);
  CHECK_EQUAL(C_VerifyInit(h, &ecdsa, 1), CKR_OK);
  CHECK_EQUAL(C_Verify(h, data, 12, signature, 64), CKR_OK);
  CHECK_EQUAL(C_VerifyInit(h, &ecdsa, 1), CKR_OK);
  signature[3] ^= 1;
  CHECK_EQUAL(C_Verify(h, data, 12, signature, 64), CKR_SIGNATURE_INVALID);
  CHECK_EQUAL(C_Verify(h, data, 12, signature, 64), CKR_OPERATION_NOT_INITIALIZED);
  stop();
}

// A digest in parts of every kind of size equals the digest of the whole, below and above what is collected here.
static void Parts_of_any_size_make_the_same_digest(void) {
  start();
  CK_SESSION_HANDLE h = open_session();
  static CK_BYTE data[3 << 20];
  for (size_t i = 0; i < sizeof data; i++) data[i] = (CK_BYTE)(i * 31 + (i >> 8));
  static const CK_ULONG sizes[] = {0, 1, 1000, 65536, 65537, 200000, 1 << 20, (1 << 20) + 1, 3 << 20};
  static const CK_ULONG steps[] = {1, 777, 65536, 70000, 1 << 20};
  for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
    CK_BYTE whole[32], parts[32];
    CK_ULONG length = 32;
    CHECK_EQUAL(C_DigestInit(h, &sha256), CKR_OK);
    CHECK_EQUAL(C_Digest(h, data, sizes[i], whole, &length), CKR_OK);
    for (size_t k = 0; k < sizeof steps / sizeof steps[0]; k++) {
      if (sizes[i] / steps[k] > 5000) continue;
      CHECK_EQUAL(C_DigestInit(h, &sha256), CKR_OK);
      for (CK_ULONG at = 0; at < sizes[i]; at += steps[k])
        CHECK_EQUAL(C_DigestUpdate(h, data + at, sizes[i] - at < steps[k] ? sizes[i] - at : steps[k]), CKR_OK);
      length = 31;
      CHECK_EQUAL(C_DigestFinal(h, parts, &length), CKR_BUFFER_TOO_SMALL);
      CHECK_EQUAL(length, 32);
      CHECK_EQUAL(C_DigestFinal(h, parts, &length), CKR_OK);
      CHECK(memcmp(whole, parts, 32) == 0);
    }
  }
  stop();
}

static void Encryption_in_parts_keeps_a_result_that_does_not_fit(void) {
  start();
  CK_SESSION_HANDLE h = open_session();
  CK_BYTE iv[16] = {1}, data[100], whole[128], parts[128];
  CK_MECHANISM cbc = {CKM_AES_CBC_PAD, iv, 16};
  memset(data, 'd', sizeof data);
  CK_ULONG length = 0, total = 0;
  CHECK_EQUAL(C_EncryptInit(h, &cbc, 1), CKR_OK);
  CHECK_EQUAL(C_Encrypt(h, data, 100, NULL, &length), CKR_OK);
  CHECK_EQUAL(length, 112);
  length = 100;
  CHECK_EQUAL(C_Encrypt(h, data, 100, whole, &length), CKR_BUFFER_TOO_SMALL);
  CHECK_EQUAL(length, 112);
  CHECK_EQUAL(C_Encrypt(h, data, 100, whole, &length), CKR_OK);
  CHECK_EQUAL(C_EncryptInit(h, &cbc, 1), CKR_OK);
  length = 10;
  CHECK_EQUAL(C_EncryptUpdate(h, data, 50, parts, &length), CKR_BUFFER_TOO_SMALL);
  CHECK_EQUAL(length, 48);
  CHECK_EQUAL(C_EncryptUpdate(h, data, 50, parts, &length), CKR_OK);
  total = length;
  CHECK_EQUAL(C_Encrypt(h, data, 50, parts, &length), CKR_OPERATION_ACTIVE);
  CHECK_EQUAL(C_EncryptUpdate(h, data, 50, parts, &length), CKR_OPERATION_NOT_INITIALIZED);
  CHECK_EQUAL(C_EncryptInit(h, &cbc, 1), CKR_OK);
  for (total = 0; total < 96; total += length) {
    length = sizeof parts - total;
    CHECK_EQUAL(C_EncryptUpdate(h, data, total == 0 ? 50 : 50, parts + total, &length), CKR_OK);
  }
  length = 0;
  CHECK_EQUAL(C_EncryptFinal(h, parts + total, &length), CKR_BUFFER_TOO_SMALL);
  CHECK_EQUAL(length, 16);
  CHECK_EQUAL(C_EncryptFinal(h, parts + total, &length), CKR_OK);
  CHECK_EQUAL(total + length, 112);
  CHECK(memcmp(whole, parts, 112) == 0);
  CHECK_EQUAL(C_EncryptFinal(h, parts, &length), CKR_OPERATION_NOT_INITIALIZED);

  // Decryption: the size query may say more than comes, the exact length follows.
  length = 0;
  CHECK_EQUAL(C_DecryptInit(h, &cbc, 1), CKR_OK);
  CHECK_EQUAL(C_Decrypt(h, whole, 112, parts, &length), CKR_BUFFER_TOO_SMALL);
  CHECK_EQUAL(length, 100);
  CHECK_EQUAL(C_Decrypt(h, whole, 112, parts, &length), CKR_OK);
  CHECK(memcmp(parts, data, 100) == 0);
  stop();
}

static void An_iv_that_the_hsm_draws_is_written_back(void) {
  start();
  CK_SESSION_HANDLE h = open_session();
  CK_BYTE iv[12] = {0}, out[64];
  CK_GCM_PARAMS gcm = {iv, 12, 96, NULL, 0, 128};
  CK_MECHANISM mechanism = {CKM_AES_GCM, &gcm, sizeof gcm};
  CK_ULONG length = sizeof out;
  CHECK_EQUAL(C_EncryptInit(h, &mechanism, 1), CKR_OK);
  CHECK_EQUAL(C_Encrypt(h, (CK_BYTE_PTR) "abc", 3, out, &length), CKR_OK);
  CHECK_EQUAL(length, 19);
  CHECK(memcmp(iv, "drawn by hsm", 12) == 0);
  mechanism.ulParameterLen--;
  CHECK_EQUAL(C_EncryptInit(h, &mechanism, 1), CKR_MECHANISM_PARAM_INVALID);
  mechanism.pParameter = NULL;
  CHECK_EQUAL(C_EncryptInit(h, &mechanism, 1), CKR_MECHANISM_PARAM_INVALID);
  stop();
}

static void Attributes_fail_one_by_one(void) {
  start();
  CK_SESSION_HANDLE h = open_session();
  CK_BYTE label[5], small[2];
  CK_BBOOL yes = 0;
  CK_ATTRIBUTE inner = {0, &yes, 1};
  CK_ATTRIBUTE t[] = {
      {CKA_VALUE, NULL, 0}, {CKA_LABEL, label, 5}, {CKA_MODULUS, NULL, 0}, {CKA_WRAP_TEMPLATE, &inner, sizeof inner}};
  CK_RV rv = C_GetAttributeValue(h, 1, t, 4);
  CHECK(rv == CKR_ATTRIBUTE_SENSITIVE || rv == CKR_ATTRIBUTE_TYPE_INVALID);
  CHECK_EQUAL(t[0].ulValueLen, CK_UNAVAILABLE_INFORMATION);
  CHECK_EQUAL(t[1].ulValueLen, 5);
  CHECK(memcmp(label, "label", 5) == 0);
  CHECK_EQUAL(t[2].ulValueLen, CK_UNAVAILABLE_INFORMATION);
  CHECK_EQUAL(t[3].ulValueLen, sizeof inner);
  CHECK_EQUAL(inner.type, CKA_EXTRACTABLE);
  CHECK_EQUAL(yes, 1);
  CK_ATTRIBUTE u[] = {{CKA_LABEL, small, 2}, {CKA_LABEL, NULL, 0}};
  CHECK_EQUAL(C_GetAttributeValue(h, 1, u, 2), CKR_BUFFER_TOO_SMALL);
  CHECK_EQUAL(u[0].ulValueLen, CK_UNAVAILABLE_INFORMATION);
  CHECK_EQUAL(u[1].ulValueLen, 5);
  stop();
}

static void A_search_goes_on_over_pages(void) {
  start();
  CK_SESSION_HANDLE h = open_session();
  CK_OBJECT_HANDLE found[7], expected = 1;
  CK_ULONG count = 0;
  CHECK_EQUAL(C_FindObjects(h, found, 7, &count), CKR_OPERATION_NOT_INITIALIZED);
  CHECK_EQUAL(C_FindObjectsInit(h, NULL, 1), CKR_ARGUMENTS_BAD);
  CHECK_EQUAL(C_FindObjectsInit(h, NULL, 0), CKR_OK);
  CHECK_EQUAL(C_FindObjectsInit(h, NULL, 0), CKR_OPERATION_ACTIVE);
  do {
    CHECK_EQUAL(C_FindObjects(h, found, 7, &count), CKR_OK);
    for (CK_ULONG i = 0; i < count; i++) CHECK_EQUAL(found[i], expected++);
  } while (count > 0);
  CHECK_EQUAL(expected, 601);
  CHECK_EQUAL(C_FindObjectsFinal(h), CKR_OK);
  CHECK_EQUAL(C_FindObjectsFinal(h), CKR_OPERATION_NOT_INITIALIZED);
  stop();
}

static void Sign_takes_one_round_trip_once_judged(void) {
  start();
  CK_SESSION_HANDLE h = open_session();
  CK_BYTE signature[64];
  uint64_t before = atomic_load(&hsm.control->counts[SR_FUNCTION_PREPARE]);
  for (int i = 0; i < 10; i++) CHECK_EQUAL(sign(h, 1, "x", 1, signature), CKR_OK);
  CHECK_EQUAL(atomic_load(&hsm.control->counts[SR_FUNCTION_PREPARE]) - before, 1);
  for (int i = 0; i < 5; i++) CHECK_EQUAL(sign(h, 7, "x", 1, signature), CKR_OK);  // a key not to be cached
  CHECK_EQUAL(atomic_load(&hsm.control->counts[SR_FUNCTION_PREPARE]) - before, 6);
  atomic_fetch_add(&hsm.control->epoch, 1);
  CHECK_EQUAL(sign(h, 1, "x", 1, signature), CKR_OK);  // brings the news of the epoch
  CHECK_EQUAL(sign(h, 1, "x", 1, signature), CKR_OK);
  CHECK_EQUAL(atomic_load(&hsm.control->counts[SR_FUNCTION_PREPARE]) - before, 7);
  CHECK_EQUAL(C_DestroyObject(h, 1), CKR_OK);
  CHECK_EQUAL(sign(h, 1, "x", 1, signature), CKR_OK);
  CHECK_EQUAL(atomic_load(&hsm.control->counts[SR_FUNCTION_PREPARE]) - before, 8);
  stop();
}

// Whatever goes wrong with one answer, the call succeeds on a new connection and logs in by the ticket.
static void Every_fault_of_the_transport_is_survived(void) {
  start();
  CK_SESSION_HANDLE h = open_session();
  CK_BYTE signature[64];
  CHECK_EQUAL(C_Login(h, CKU_USER, (CK_UTF8CHAR_PTR) "user:password", 13), CKR_OK);
  for (int fault = MOCK_CLOSE; fault < MOCK_FAULTS; fault++) {
    uint64_t connections = atomic_load(&hsm.control->connections),
             tickets = atomic_load(&hsm.control->attached_with_ticket);
    atomic_store(&hsm.control->fault_function, SR_FUNCTION_PERFORM);
    atomic_store(&hsm.control->fault, fault);
    CHECK_EQUAL(sign(h, 1, "x", 1, signature), CKR_OK);
    CHECK_EQUAL(sign(h, 1, "x", 1, signature), CKR_OK);
    CHECK_EQUAL(atomic_load(&hsm.control->connections), connections + 1);
    CHECK_EQUAL(atomic_load(&hsm.control->attached_with_ticket), tickets + 1);
  }
  CHECK_EQUAL(atomic_load(&hsm.control->logins), 1);
  stop();
}

static void A_creation_that_is_retried_is_done_once(void) {
  start();
  CK_SESSION_HANDLE h = open_session();
  CK_MECHANISM generate = {CKM_AES_KEY_GEN, NULL, 0};
  CK_OBJECT_HANDLE key = 0;
  uint64_t before = atomic_load(&hsm.control->creations);
  atomic_store(&hsm.control->fault_function, SR_FUNCTION_GENERATE_KEY);
  atomic_store(&hsm.control->fault, MOCK_LATE_CLOSE);
  CHECK_EQUAL(C_GenerateKey(h, &generate, NULL, 0, &key), CKR_OK);
  CHECK(key != 0);
  CHECK_EQUAL(atomic_load(&hsm.control->creations), before + 1);
  stop();
}

static void A_stream_that_loses_its_connection_is_over(void) {
  start();
  CK_SESSION_HANDLE h = open_session();
  static CK_BYTE data[100000];
  CK_ULONG length = 64;
  CK_BYTE out[64];
  CHECK_EQUAL(C_SignInit(h, &ecdsa_sha256, 1), CKR_OK);
  CHECK_EQUAL(C_SignUpdate(h, data, sizeof data), CKR_OK);
  atomic_store(&hsm.control->fault_function, SR_FUNCTION_FINISH);
  atomic_store(&hsm.control->fault, MOCK_CLOSE);
  CHECK_EQUAL(C_SignFinal(h, out, &length), CKR_OPERATION_NOT_INITIALIZED);
  CHECK_EQUAL(C_SignInit(h, &ecdsa_sha256, 1), CKR_OK);
  CHECK_EQUAL(C_SignUpdate(h, data, sizeof data), CKR_OK);
  CHECK_EQUAL(C_SignFinal(h, out, &length), CKR_OK);
  stop();
}

static double seconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void *come_back(void *unused) {
  (void)unused;
  usleep(700000);
  atomic_store(&hsm.control->refuse, 0);
  return NULL;
}

static void An_hsm_that_comes_back_is_waited_for_and_one_that_does_not_is_not(void) {
  start();
  CK_SESSION_HANDLE h = open_session();
  CK_BYTE signature[64];
  pthread_t helper;
  CHECK_EQUAL(sign(h, 1, "x", 1, signature), CKR_OK);
  atomic_store(&hsm.control->refuse, 1);
  atomic_store(&hsm.control->fault_function, SR_FUNCTION_PERFORM);
  atomic_store(&hsm.control->fault, MOCK_CLOSE);
  pthread_create(&helper, NULL, come_back, NULL);
  CHECK_EQUAL(sign(h, 1, "x", 1, signature), CKR_OK);
  pthread_join(helper, NULL);
  atomic_store(&hsm.control->refuse, 1);
  atomic_store(&hsm.control->fault, MOCK_CLOSE);
  double begun = seconds();
  CHECK_EQUAL(sign(h, 1, "x", 1, signature), CKR_DEVICE_ERROR);
  CHECK(seconds() - begun > 3 && seconds() - begun < 60);
  uint64_t tries = atomic_load(&hsm.control->connections);
  CHECK_EQUAL(sign(h, 1, "x", 1, signature), CKR_DEVICE_ERROR);  // it has been away for long: one try is all
  CHECK_EQUAL(atomic_load(&hsm.control->connections) - tries, 1);
  atomic_store(&hsm.control->refuse, 0);
  CHECK_EQUAL(sign(h, 1, "x", 1, signature), CKR_OK);
  stop();
}

static void An_hsm_that_is_away_at_first_is_a_token_that_is_not_there_yet(void) {
  mock_reset(&hsm);
  atomic_store(&hsm.control->refuse, 1);
  CHECK_EQUAL(C_Initialize(NULL), CKR_OK);
  CK_SESSION_HANDLE h = 0;
  CK_TOKEN_INFO info;
  CHECK_EQUAL(C_OpenSession(slot, CKF_SERIAL_SESSION, NULL, NULL, &h), CKR_TOKEN_NOT_PRESENT);
  CHECK_EQUAL(C_GetTokenInfo(slot, &info), CKR_TOKEN_NOT_PRESENT);
  atomic_store(&hsm.control->refuse, 0);
  CHECK_EQUAL(C_OpenSession(slot, CKF_SERIAL_SESSION, NULL, NULL, &h), CKR_OK);
  stop();
}

#if !defined(__SANITIZE_THREAD__)  // it takes the lock that is made anew in the child for the one that was held
static void A_child_starts_anew_and_does_not_disturb_its_parent(void) {
  start();
  CK_SESSION_HANDLE h = open_session();
  CK_BYTE signature[64];
  CHECK_EQUAL(C_Login(h, CKU_USER, (CK_UTF8CHAR_PTR) "user:password", 13), CKR_OK);
  CHECK_EQUAL(sign(h, 1, "x", 1, signature), CKR_OK);
  uint64_t connections = atomic_load(&hsm.control->connections);
  pid_t child = fork();
  if (child == 0) {
    alarm(20);
    int bad = 0;
    bad += sign(h, 1, "x", 1, signature) != CKR_CRYPTOKI_NOT_INITIALIZED;
    unsetenv("STRONGROOM_PKCS11_CONFIG");  // as nginx does to its workers
    bad += C_Initialize(NULL) != CKR_OK;
    CK_SESSION_HANDLE own;
    bad += C_OpenSession(slot, CKF_SERIAL_SESSION, NULL, NULL, &own) != CKR_OK;
    bad += sign(own, 1, "x", 1, signature) != CKR_OK;
    pid_t grandchild = fork();
    if (grandchild == 0)
      _exit(C_Initialize(NULL) == CKR_OK && C_OpenSession(slot, CKF_SERIAL_SESSION, NULL, NULL, &own) == CKR_OK ? 0
                                                                                                                : 1);
    int status = 1;
    waitpid(grandchild, &status, 0);
    bad += status != 0;
    bad += sign(own, 1, "x", 1, signature) != CKR_OK;
    _exit(bad);
  }
  int status = 1;
  waitpid(child, &status, 0);
  CHECK_EQUAL(status, 0);
  uint64_t after_child = atomic_load(&hsm.control->connections);
  CHECK(after_child > connections);
  CHECK_EQUAL(sign(h, 1, "x", 1, signature), CKR_OK);
  CHECK_EQUAL(atomic_load(&hsm.control->connections), after_child);  // the parent's connection lives on
  stop();
}
#endif

static void *sign_for_ever(void *argument) {
  CK_SESSION_HANDLE h = *(CK_SESSION_HANDLE *)argument;
  CK_BYTE signature[64];
  for (;;) {
    sign(h, 1, "x", 1, signature);
    pthread_testcancel();
  }
  return NULL;
}

// A thread that is cancelled in the middle of a call ends after it, and leaves no lock behind.
static void A_cancelled_thread_leaves_nothing_locked(void) {
  start();
  CK_BYTE signature[64];
  for (int i = 0; i < 50; i++) {
    CK_SESSION_HANDLE h = open_session();
    pthread_t thread;
    pthread_create(&thread, NULL, sign_for_ever, &h);
    usleep(2000);
    pthread_cancel(thread);
    pthread_join(thread, NULL);
    CHECK_EQUAL(sign(h, 1, "x", 1, signature), CKR_OK);
    CHECK_EQUAL(C_CloseSession(h), CKR_OK);
  }
  stop();
}

static void A_wrong_pin_is_told(void) {
  start();
  CK_SESSION_HANDLE h = open_session();
  CHECK_EQUAL(C_Login(h, CKU_USER, (CK_UTF8CHAR_PTR) "user:wrong", 10), CKR_PIN_INCORRECT);
  CHECK_EQUAL(C_Login(h, 9, (CK_UTF8CHAR_PTR) "user:wrong", 10), CKR_USER_TYPE_INVALID);
  CHECK_EQUAL(C_Login(h, CKU_USER, NULL, 10), CKR_ARGUMENTS_BAD);
  CHECK_EQUAL(C_LoginUser(h, CKU_USER, (CK_UTF8CHAR_PTR) "password", 8, (CK_UTF8CHAR_PTR) "user", 4), CKR_OK);
  stop();
  char path[128], text[65536] = "";
  snprintf(path, sizeof path, "%s/log", hsm.directory);
  FILE *log = fopen(path, "r");
  CHECK(log != NULL && fread(text, 1, sizeof text - 1, log) > 0);
  if (log != NULL) fclose(log);
  CHECK(strstr(text, "C_Login: CKR_PIN_INCORRECT: wrong user or password") != NULL);
  CHECK(strstr(text, "user:wrong") == NULL);
}

int main(void) {
  mock_retry_seconds = 10;  // a handshake takes a second or two on a busy machine when both its ends are under valgrind
  mock_start(&hsm, 1);
  setenv("STRONGROOM_PKCS11_CONFIG", hsm.config, 1);
  RUN(Functions_before_C_Initialize_say_so);
  RUN(Initialize_checks_its_arguments);
  RUN(There_is_one_slot_with_a_stable_number);
  RUN(Sessions_open_and_close);
  RUN(Sign_follows_the_length_rules);
  RUN(Init_without_mechanism_ends_an_operation);
  RUN(A_mechanism_of_one_part_refuses_parts);
  RUN(Verify_ends_whatever_it_says);
  RUN(Parts_of_any_size_make_the_same_digest);
  RUN(Encryption_in_parts_keeps_a_result_that_does_not_fit);
  RUN(An_iv_that_the_hsm_draws_is_written_back);
  RUN(Attributes_fail_one_by_one);
  RUN(A_search_goes_on_over_pages);
  RUN(Sign_takes_one_round_trip_once_judged);
  RUN(Every_fault_of_the_transport_is_survived);
  RUN(A_creation_that_is_retried_is_done_once);
  RUN(A_stream_that_loses_its_connection_is_over);
  RUN(An_hsm_that_comes_back_is_waited_for_and_one_that_does_not_is_not);
  RUN(An_hsm_that_is_away_at_first_is_a_token_that_is_not_there_yet);
#if !defined(__SANITIZE_THREAD__)
  RUN(A_child_starts_anew_and_does_not_disturb_its_parent);
#endif
  RUN(A_cancelled_thread_leaves_nothing_locked);
  RUN(A_wrong_pin_is_told);
  mock_stop(&hsm);
  return CHECK_END();
}
