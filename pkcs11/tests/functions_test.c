// Every function of the lists × what can be wrong before an HSM is asked. The calls are made from the tables that the
// lists are made of: a function that is added is tested without anything being added here, and fails until the tables
// below say what the standard (PKCS#11 3.2, section 5) has it answer. No refusal comes without its cause in words.
#include <pthread.h>
#include <stdbool.h>
#include <unistd.h>

#include "check.h"
#include "log.h"
#include "mock_hsm.h"
#include "pkcs11.h"

enum { PARAMETERS = 10 };

// All parameters of all functions are integers or pointers, which this machine passes alike; a function takes as many
// of the ten as it has.
typedef CK_RV (*any_function)(uintptr_t, uintptr_t, uintptr_t, uintptr_t, uintptr_t, uintptr_t, uintptr_t, uintptr_t,
                              uintptr_t, uintptr_t);

struct function {
  const char *name;
  any_function call;
  const char *parameters;  // as declared, for what they are
};

#define ROW(name, parameters) {#name, (any_function)(void (*)(void))name, #parameters},
static const struct function functions[] = {PKCS11_FUNCTIONS_2_40(ROW) PKCS11_FUNCTIONS_3_0(ROW)
                                                PKCS11_FUNCTIONS_3_2(ROW)};
#define COUNT (sizeof functions / sizeof functions[0])

static struct mock_hsm hsm;
static const CK_SLOT_ID slot = 0x2000000000000001;

struct expected {
  const char *name;
  CK_RV rv;
};

static bool is_one_of(const char *name, const struct expected *list, size_t count, CK_RV *rv) {
  for (size_t i = 0; i < count; i++)
    if (strcmp(name, list[i].name) == 0) {
      if (rv != NULL) *rv = list[i].rv;
      return true;
    }
  return false;
}

#define LISTED(name, list, rv) is_one_of(name, list, sizeof list / sizeof list[0], rv)

static bool takes(const struct function *f, const char *first) {
  return strncmp(f->parameters + 1, first, strlen(first)) == 0;
}

// Once C_Initialize has read where the log is, the last line of it says which function was refused, and why.
static void expect_logged(const struct function *f) {
  char path[128], tail[1025] = "", wanted[512];
  snprintf(path, sizeof path, "%s/log", hsm.directory);
  FILE *file = fopen(path, "r");
  if (file == NULL) return;
  if (fseek(file, -1024, SEEK_END) != 0) rewind(file);
  size_t size = fread(tail, 1, sizeof tail - 1, file);
  fclose(file);
  tail[size] = '\0';
  if (size > 0) tail[size - 1] = '\0';
  char *line = strrchr(tail, '\n');
  snprintf(wanted, sizeof wanted, "%s: ", f->name);
  bool found = strstr(line != NULL ? line : tail, wanted) != NULL;
  snprintf(wanted, sizeof wanted, ": %s", sr_last_cause());
  found = found && strstr(line != NULL ? line : tail, wanted) != NULL;
  if (!found) fprintf(stderr, "    %s: its cause is not in the log: %s\n", f->name, sr_last_cause());
  CHECK(found);
}

static CK_RV call(const struct function *f, const uintptr_t p[PARAMETERS]) {
  sr_refuse(CKR_NO_EVENT, "-");  // a cause that no refusal has
  CK_RV rv = f->call(p[0], p[1], p[2], p[3], p[4], p[5], p[6], p[7], p[8], p[9]);
  if (rv != CKR_OK && strlen(sr_last_cause()) < 8) {
    fprintf(stderr, "    %s: 0x%lx has no cause\n", f->name, rv);
    CHECK(!"a refusal without a cause");
  }
  if (rv != CKR_OK) expect_logged(f);
  return rv;
}

static void expect(const struct function *f, CK_RV rv, CK_RV expected, const char *when) {
  if (rv == expected) return;
  fprintf(stderr, "    %s: 0x%lx, not 0x%lx, %s\n", f->name, rv, expected, when);
  CHECK(rv == expected);
}

// These tell what there is, or start it.
static const struct expected without_library[] = {{"C_Initialize", CKR_OK},
                                                  {"C_GetFunctionList", CKR_OK},
                                                  {"C_GetInterfaceList", CKR_OK},
                                                  {"C_GetInterface", CKR_OK}};

static void Nothing_works_before_C_Initialize_and_after_C_Finalize(void) {
  static const uintptr_t nothing[PARAMETERS];
  for (int round = 0; round < 2; round++) {
    for (size_t i = 0; i < COUNT; i++)
      if (!LISTED(functions[i].name, without_library, NULL))
        expect(&functions[i], call(&functions[i], nothing), CKR_CRYPTOKI_NOT_INITIALIZED, "not initialised");
    CHECK_EQUAL(C_Initialize(NULL), CKR_OK);
    CHECK_EQUAL(C_Finalize(NULL), CKR_OK);
  }
}

static void The_version_is_that_of_the_interface(void) {
  static const CK_VERSION versions[] = {{2, 40}, {3, 0}, {3, 2}};
  CHECK_EQUAL(C_Initialize(NULL), CKR_OK);
  for (size_t i = 0; i < sizeof versions / sizeof versions[0]; i++) {
    CK_VERSION wanted = versions[i];
    CK_INTERFACE_PTR interface;
    CK_INFO info;
    CHECK_EQUAL(C_GetInterface(NULL, &wanted, &interface, 0), CKR_OK);
    CHECK_EQUAL(((CK_FUNCTION_LIST_PTR)interface->pFunctionList)->C_GetInfo(&info), CKR_OK);
    CHECK_EQUAL(info.cryptokiVersion.major, wanted.major);
    CHECK_EQUAL(info.cryptokiVersion.minor, wanted.minor);
  }
  CHECK_EQUAL(C_Finalize(NULL), CKR_OK);
}

static void Handles_of_nothing_are_called_that(void) {
  static const uintptr_t wrong[] = {0, 1, 2, 0x4000, 0x1FFFFFFFFFFFFFFF, UINTPTR_MAX};
  CHECK_EQUAL(C_Initialize(NULL), CKR_OK);
  unsigned sessions = 0, slots = 0;
  for (size_t i = 0; i < COUNT; i++)
    for (size_t w = 0; w < sizeof wrong / sizeof wrong[0]; w++) {
      const uintptr_t p[PARAMETERS] = {wrong[w]};
      if (takes(&functions[i], "CK_SESSION_HANDLE ")) {
        expect(&functions[i], call(&functions[i], p), CKR_SESSION_HANDLE_INVALID, "with a wrong session");
        sessions++;
      } else if (takes(&functions[i], "CK_SLOT_ID ") && wrong[w] != 1) {
        // 1 is the lower half of the first slot's id: hosts that keep 32 bits of it come back with that.
        expect(&functions[i], call(&functions[i], p), CKR_SLOT_ID_INVALID, "with a wrong slot");
        slots++;
      }
    }
  CHECK(sessions > 80 * 6 && slots >= 7 * 5);
  CHECK_EQUAL(C_Finalize(NULL), CKR_OK);
}

// What goes on with an operation, and says that there is none before it looks at anything else (5.2: a function that
// fails for want of an operation ends none).
static const struct expected going_on[] = {
    {"C_Encrypt", CKR_OPERATION_NOT_INITIALIZED},
    {"C_EncryptUpdate", CKR_OPERATION_NOT_INITIALIZED},
    {"C_EncryptFinal", CKR_OPERATION_NOT_INITIALIZED},
    {"C_Decrypt", CKR_OPERATION_NOT_INITIALIZED},
    {"C_DecryptUpdate", CKR_OPERATION_NOT_INITIALIZED},
    {"C_DecryptFinal", CKR_OPERATION_NOT_INITIALIZED},
    {"C_Digest", CKR_OPERATION_NOT_INITIALIZED},
    {"C_DigestUpdate", CKR_OPERATION_NOT_INITIALIZED},
    {"C_DigestKey", CKR_OPERATION_NOT_INITIALIZED},
    {"C_DigestFinal", CKR_OPERATION_NOT_INITIALIZED},
    {"C_Sign", CKR_OPERATION_NOT_INITIALIZED},
    {"C_SignUpdate", CKR_OPERATION_NOT_INITIALIZED},
    {"C_SignFinal", CKR_OPERATION_NOT_INITIALIZED},
    {"C_SignRecover", CKR_OPERATION_NOT_INITIALIZED},
    {"C_Verify", CKR_OPERATION_NOT_INITIALIZED},
    {"C_VerifyUpdate", CKR_OPERATION_NOT_INITIALIZED},
    {"C_VerifyFinal", CKR_OPERATION_NOT_INITIALIZED},
    {"C_VerifyRecover", CKR_OPERATION_NOT_INITIALIZED},
    {"C_FindObjects", CKR_OPERATION_NOT_INITIALIZED},
    {"C_FindObjectsFinal", CKR_OPERATION_NOT_INITIALIZED},
    {"C_DigestEncryptUpdate", CKR_OPERATION_NOT_INITIALIZED},
    {"C_DecryptDigestUpdate", CKR_OPERATION_NOT_INITIALIZED},
    {"C_SignEncryptUpdate", CKR_OPERATION_NOT_INITIALIZED},
    {"C_DecryptVerifyUpdate", CKR_OPERATION_NOT_INITIALIZED},
    {"C_EncryptMessage", CKR_OPERATION_NOT_INITIALIZED},
    {"C_EncryptMessageBegin", CKR_OPERATION_NOT_INITIALIZED},
    {"C_EncryptMessageNext", CKR_OPERATION_NOT_INITIALIZED},
    {"C_MessageEncryptFinal", CKR_OPERATION_NOT_INITIALIZED},
    {"C_DecryptMessage", CKR_OPERATION_NOT_INITIALIZED},
    {"C_DecryptMessageBegin", CKR_OPERATION_NOT_INITIALIZED},
    {"C_DecryptMessageNext", CKR_OPERATION_NOT_INITIALIZED},
    {"C_MessageDecryptFinal", CKR_OPERATION_NOT_INITIALIZED},
    {"C_SignMessage", CKR_OPERATION_NOT_INITIALIZED},
    {"C_SignMessageBegin", CKR_OPERATION_NOT_INITIALIZED},
    {"C_SignMessageNext", CKR_OPERATION_NOT_INITIALIZED},
    {"C_MessageSignFinal", CKR_OPERATION_NOT_INITIALIZED},
    {"C_VerifyMessage", CKR_OPERATION_NOT_INITIALIZED},
    {"C_VerifyMessageBegin", CKR_OPERATION_NOT_INITIALIZED},
    {"C_VerifyMessageNext", CKR_OPERATION_NOT_INITIALIZED},
    {"C_MessageVerifyFinal", CKR_OPERATION_NOT_INITIALIZED},
    {"C_VerifySignature", CKR_OPERATION_NOT_INITIALIZED},
    {"C_VerifySignatureUpdate", CKR_OPERATION_NOT_INITIALIZED},
    {"C_VerifySignatureFinal", CKR_OPERATION_NOT_INITIALIZED},
};

// What lists name because every list has it, and this token does not offer.
static const char *const not_offered[] = {"C_AsyncComplete", "C_AsyncGetID", "C_AsyncJoin"};

// What else takes no pointer that must not be NULL, or only with a length above 0. (Handles of objects are the HSM's to
// judge; the mock has them all.)
static const struct expected to_nothing[] = {
    {"C_CloseSession", CKR_OK},
    {"C_GetFunctionStatus", CKR_FUNCTION_NOT_PARALLEL},
    {"C_CancelFunction", CKR_FUNCTION_NOT_PARALLEL},
    {"C_SessionCancel", CKR_OK},
    {"C_Logout", CKR_OK},
    {"C_DestroyObject", CKR_OK},
    {"C_GetAttributeValue", CKR_OK},
    {"C_SetAttributeValue", CKR_OK},
    {"C_FindObjectsInit", CKR_OK},
    {"C_GenerateRandom", CKR_OK},
};

// With NULL and 0 for everything but the session.
static CK_RV answer_to_nothing(const char *name) {
  CK_RV rv;
  for (size_t i = 0; i < sizeof not_offered / sizeof not_offered[0]; i++)
    if (strcmp(name, not_offered[i]) == 0) return CKR_FUNCTION_NOT_SUPPORTED;
  return LISTED(name, going_on, &rv) || LISTED(name, to_nothing, &rv) ? rv : CKR_ARGUMENTS_BAD;
}

static CK_SESSION_HANDLE open_session(void) {
  CK_SESSION_HANDLE h = 0;
  CHECK_EQUAL(C_OpenSession(slot, CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, &h), CKR_OK);
  return h;
}

static void Null_pointers_are_refused_and_leave_no_operation_open(void) {
  CHECK_EQUAL(C_Initialize(NULL), CKR_OK);
  for (size_t i = 0; i < COUNT; i++) {
    if (!takes(&functions[i], "CK_SESSION_HANDLE ")) continue;
    const uintptr_t p[PARAMETERS] = {open_session()};
    expect(&functions[i], call(&functions[i], p), answer_to_nothing(functions[i].name), "with nothing but a session");
    // Whatever was refused, the session is as it was: a whole operation goes through.
    CK_MECHANISM sha256 = {CKM_SHA256, NULL, 0};
    CK_BYTE data[3] = "abc", digest[64];
    CK_ULONG size = sizeof digest;
    if (strcmp(functions[i].name, "C_CloseSession") == 0) continue;
    CHECK_EQUAL(C_DigestInit(p[0], &sha256), CKR_OK);
    CHECK_EQUAL(C_Digest(p[0], data, sizeof data, digest, &size), CKR_OK);
    CHECK_EQUAL(C_CloseSession(p[0]), CKR_OK);
  }
  CHECK_EQUAL(C_Finalize(NULL), CKR_OK);
}

// Good pointers everywhere, lengths of 16.
static void fill(const struct function *f, uintptr_t p[PARAMETERS], CK_BYTE buffers[PARAMETERS][64], uintptr_t first) {
  char text[1024];
  snprintf(text, sizeof text, "%s", f->parameters);
  int n = 0;
  for (char *rest = text, *one; n < PARAMETERS && (one = strtok_r(rest, ",", &rest)) != NULL; n++) {
    memset(buffers[n], 0, 64);
    bool length = strstr(one, "CK_ULONG_PTR") != NULL, pointer = strstr(one, "_PTR") != NULL;
    if (length) memcpy(buffers[n], &(CK_ULONG){16}, sizeof(CK_ULONG));
    p[n] = n == 0 ? first : pointer ? (uintptr_t)buffers[n] : 16;
  }
}

static void Going_on_with_no_operation_is_called_that(void) {
  static CK_BYTE buffers[PARAMETERS][64];
  CHECK_EQUAL(C_Initialize(NULL), CKR_OK);
  CK_SESSION_HANDLE h = open_session();
  unsigned found = 0;
  for (size_t i = 0; i < COUNT; i++) {
    uintptr_t p[PARAMETERS] = {0};
    CK_RV wanted;
    if (!LISTED(functions[i].name, going_on, &wanted)) continue;
    fill(&functions[i], p, buffers, h);
    expect(&functions[i], call(&functions[i], p), wanted, "without an operation");
    found++;
  }
  CHECK_EQUAL(found, sizeof going_on / sizeof going_on[0]);
  CHECK_EQUAL(C_Finalize(NULL), CKR_OK);
}

static const struct function *named(const char *prefix, const char *suffix) {
  char name[64];
  snprintf(name, sizeof name, "%s%s", prefix, suffix);
  for (size_t i = 0; i < COUNT; i++)
    if (strcmp(functions[i].name, name) == 0) return &functions[i];
  CHECK(!"a function of this name");
  return &functions[0];
}

// What starts an operation, with a mechanism that the mock has.
static const struct {
  const char *name;
  CK_MECHANISM_TYPE mechanism;
} starting[] = {{"C_Encrypt", CKM_AES_CBC_PAD}, {"C_Digest", CKM_SHA256}, {"C_Sign", CKM_ECDSA_SHA256}};

static CK_RV begin(const char *name, CK_SESSION_HANDLE h, CK_MECHANISM_TYPE type) {
  static CK_BYTE iv[16];
  CK_MECHANISM mechanism = {type, type == CKM_AES_CBC_PAD ? iv : NULL, type == CKM_AES_CBC_PAD ? 16 : 0};
  const uintptr_t p[PARAMETERS] = {h, (uintptr_t)&mechanism, 1};
  return call(named(name, "Init"), p);
}

static void A_second_start_is_refused_and_a_short_buffer_ends_nothing(void) {
  CHECK_EQUAL(C_Initialize(NULL), CKR_OK);
  CK_SESSION_HANDLE h = open_session();
  for (size_t i = 0; i < sizeof starting / sizeof starting[0]; i++)
    for (int parts = 0; parts < 2; parts++) {
      const struct function *end = named(starting[i].name, parts ? "Final" : "");
      CK_BYTE in[32] = "thirty-two bytes that are input.", out[128];
      CK_ULONG size = 1;
      CHECK_EQUAL(begin(starting[i].name, h, starting[i].mechanism), CKR_OK);
      expect(end, begin(starting[i].name, h, starting[i].mechanism), CKR_OPERATION_ACTIVE, "started twice");
      const uintptr_t whole[PARAMETERS] = {h, (uintptr_t)in, sizeof in, (uintptr_t)out, (uintptr_t)&size},
                      final[PARAMETERS] = {h, (uintptr_t)out, (uintptr_t)&size};
      expect(end, call(end, parts ? final : whole), CKR_BUFFER_TOO_SMALL, "with one byte of room");
      CHECK(size > 1 && size <= sizeof out);
      size = sizeof out;
      expect(end, call(end, parts ? final : whole), CKR_OK, "with room, afterwards");
      size = sizeof out;
      expect(end, call(end, parts ? final : whole), CKR_OPERATION_NOT_INITIALIZED, "a second time");
    }
  CHECK_EQUAL(C_Finalize(NULL), CKR_OK);
}

// Lists and texts of unknown length: the call, where its length is, and how long the answer may be.
static void What_tells_lengths_says_when_a_buffer_is_short(void) {
  static CK_BYTE buffer[8192];
  static const struct {
    const char *name;
    int length;  // which parameter
  } rows[] = {{"C_GetSlotList", 2}, {"C_GetMechanismList", 2}, {"C_GetInterfaceList", 1}};
  CHECK_EQUAL(C_Initialize(NULL), CKR_OK);
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    const struct function *f = named(rows[i].name, "");
    CK_ULONG n = 0;
    uintptr_t p[PARAMETERS] = {i == 1 ? slot : i == 0 ? CK_TRUE : (uintptr_t)buffer};
    p[rows[i].length - 1] = (uintptr_t)buffer;
    p[rows[i].length] = (uintptr_t)&n;
    expect(f, call(f, p), CKR_BUFFER_TOO_SMALL, "without room");
    CHECK(n > 0 && n < 512);
    expect(f, call(f, p), CKR_OK, "with the room that it asked for");
    p[rows[i].length - 1] = 0;
    n = 0;
    expect(f, call(f, p), CKR_OK, "asked for the length");
    CHECK(n > 0);
  }
  CHECK_EQUAL(C_Finalize(NULL), CKR_OK);
}

// A function goes on with an operation of its own family only, and leaves another's as it was.
static void No_family_goes_on_with_the_operation_of_another(void) {
  static CK_BYTE buffers[PARAMETERS][64], iv[16], signature[64];
  static const struct {
    const char *init;
    CK_MECHANISM_TYPE mechanism;
    const char *own;  // the names of those that may go on with it
  } rows[] = {
      {"C_EncryptInit", CKM_AES_CBC_PAD, " C_Encrypt C_EncryptUpdate C_EncryptFinal "},
      {"C_DecryptInit", CKM_AES_CBC_PAD, " C_Decrypt C_DecryptUpdate C_DecryptFinal "},
      {"C_DigestInit", CKM_SHA256, " C_Digest C_DigestUpdate C_DigestKey C_DigestFinal "},
      {"C_SignInit", CKM_ECDSA_SHA256, " C_Sign C_SignUpdate C_SignFinal "},
      {"C_VerifyInit", CKM_ECDSA_SHA256, " C_Verify C_VerifyUpdate C_VerifyFinal "},
      {"C_MessageEncryptInit", CKM_AES_GCM,
       " C_EncryptMessage C_EncryptMessageBegin C_EncryptMessageNext C_MessageEncryptFinal "},
      {"C_MessageDecryptInit", CKM_AES_GCM,
       " C_DecryptMessage C_DecryptMessageBegin C_DecryptMessageNext C_MessageDecryptFinal "},
      {"C_MessageSignInit", CKM_ECDSA_SHA256,
       " C_SignMessage C_SignMessageBegin C_SignMessageNext C_MessageSignFinal "},
      {"C_MessageVerifyInit", CKM_ECDSA_SHA256,
       " C_VerifyMessage C_VerifyMessageBegin C_VerifyMessageNext C_MessageVerifyFinal "},
      {"C_VerifySignatureInit", CKM_ECDSA_SHA256, " C_VerifySignature C_VerifySignatureUpdate C_VerifySignatureFinal "},
  };
  CHECK_EQUAL(C_Initialize(NULL), CKR_OK);
  CK_SESSION_HANDLE h = open_session();
  for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++) {
    const struct function *init = named(rows[r].init, "");
    bool cbc = rows[r].mechanism == CKM_AES_CBC_PAD;
    CK_MECHANISM mechanism = {rows[r].mechanism, cbc ? iv : NULL, cbc ? sizeof iv : 0};
    const uintptr_t start[PARAMETERS] = {h, (uintptr_t)&mechanism, 1, (uintptr_t)signature, sizeof signature};
    expect(init, call(init, start), CKR_OK, "to begin with");
    for (size_t i = 0; i < COUNT; i++) {
      char name[64];
      snprintf(name, sizeof name, " %s ", functions[i].name);
      if (!LISTED(functions[i].name, going_on, NULL) || strstr(rows[r].own, name) != NULL) continue;
      uintptr_t p[PARAMETERS] = {0};
      fill(&functions[i], p, buffers, h);
      expect(&functions[i], call(&functions[i], p), CKR_OPERATION_NOT_INITIALIZED, rows[r].init);
    }
    expect(init, call(init, start), CKR_OPERATION_ACTIVE, "while its operation is there still");
    CHECK_EQUAL(C_SessionCancel(h, CKF_ENCRYPT | CKF_DECRYPT | CKF_DIGEST | CKF_SIGN | CKF_VERIFY), CKR_OK);
    expect(init, call(init, start), CKR_OK, "after C_SessionCancel");
    const uintptr_t none[PARAMETERS] = {h};
    expect(init, call(init, none), CKR_OK, "ended by a mechanism that is NULL");
    expect(init, call(init, none), CKR_ARGUMENTS_BAD, "ended twice");
  }
  CHECK_EQUAL(C_Finalize(NULL), CKR_OK);
}

static void *wait_for_event(void *unused) {
  (void)unused;
  CK_SLOT_ID which;
  return (void *)C_WaitForSlotEvent(0, &which, NULL);
}

static void Whoever_waits_for_a_slot_waits_for_C_Finalize(void) {
  CK_SLOT_ID which;
  pthread_t thread;
  void *rv = NULL;
  CHECK_EQUAL(C_Initialize(NULL), CKR_OK);
  CHECK_EQUAL(C_WaitForSlotEvent(CKF_DONT_BLOCK, &which, NULL), CKR_NO_EVENT);
  CHECK_EQUAL(pthread_create(&thread, NULL, wait_for_event, NULL), 0);
  usleep(100000);  // most likely it waits by then; if it comes late, its answer is the same
  CHECK_EQUAL(C_Finalize(NULL), CKR_OK);
  pthread_join(thread, &rv);
  CHECK_EQUAL((CK_RV)rv, CKR_CRYPTOKI_NOT_INITIALIZED);
}

int main(void) {
  mock_start(&hsm, 1);
  setenv("STRONGROOM_PKCS11_CONFIG", hsm.config, 1);
  RUN(Nothing_works_before_C_Initialize_and_after_C_Finalize);
  RUN(The_version_is_that_of_the_interface);
  RUN(Handles_of_nothing_are_called_that);
  RUN(Null_pointers_are_refused_and_leave_no_operation_open);
  RUN(Going_on_with_no_operation_is_called_that);
  RUN(A_second_start_is_refused_and_a_short_buffer_ends_nothing);
  RUN(What_tells_lengths_says_when_a_buffer_is_short);
  RUN(Whoever_waits_for_a_slot_waits_for_C_Finalize);
  RUN(No_family_goes_on_with_the_operation_of_another);
  mock_stop(&hsm);
  return CHECK_END();
}
