// Every function of the lists that takes a session, called without a login with arguments that are good otherwise. The
// calls are made from the tables that the lists are made of: a function that is added needs a row below unless it
// answers CKR_USER_NOT_LOGGED_IN. Included by live.c.

enum { PARAMETERS = 10 };
typedef CK_RV (*any_function)(uintptr_t, uintptr_t, uintptr_t, uintptr_t, uintptr_t, uintptr_t, uintptr_t, uintptr_t,
                              uintptr_t, uintptr_t);

static const struct {
  const char *name, *parameters;
  size_t at;  // in the list
} entries[] = {
#define ROW(name, parameters) {#name, #parameters, offsetof(CK_FUNCTION_LIST_3_2, name)},
    PKCS11_FUNCTIONS_2_40(ROW) PKCS11_FUNCTIONS_3_0(ROW) PKCS11_FUNCTIONS_3_2(ROW)
#undef ROW
};

// What answers something else, since it needs nobody, or needs an operation that nobody could start. C_Login and its
// like, and what closes sessions, have tests of their own.
static const struct {
  const char *name;
  CK_RV rv;
} exceptions[] = {
    {"C_GetSessionInfo", CKR_OK},
    {"C_GetSessionValidationFlags", CKR_OK},
    {"C_SessionCancel", CKR_OK},
    {"C_FindObjectsInit", CKR_OK},  // finds what is public
    {"C_FindObjects", CKR_OK},
    {"C_FindObjectsFinal", CKR_OK},
    {"C_DigestInit", CKR_OK},
    {"C_Digest", CKR_OK},  // which ends it
    {"C_DigestUpdate", CKR_OPERATION_NOT_INITIALIZED},
    {"C_DigestKey", CKR_OPERATION_NOT_INITIALIZED},
    {"C_DigestFinal", CKR_OPERATION_NOT_INITIALIZED},
    {"C_GenerateRandom", CKR_OK},
    {"C_SeedRandom", CKR_OK},
    {"C_GetObjectSize", CKR_OBJECT_HANDLE_INVALID},  // a private object is not there for nobody
    {"C_GetAttributeValue", CKR_OBJECT_HANDLE_INVALID},
    {"C_SetPIN", CKR_PIN_INCORRECT},  // it is the old PIN that proves who asks
    {"C_GetOperationState", CKR_OPERATION_NOT_INITIALIZED},
    {"C_SetOperationState", CKR_SAVED_STATE_INVALID},
    {"C_GetFunctionStatus", CKR_FUNCTION_NOT_PARALLEL},
    {"C_CancelFunction", CKR_FUNCTION_NOT_PARALLEL},
    {"C_AsyncComplete", CKR_FUNCTION_NOT_SUPPORTED},
    {"C_AsyncGetID", CKR_FUNCTION_NOT_SUPPORTED},
    {"C_AsyncJoin", CKR_FUNCTION_NOT_SUPPORTED},
};
static const char *const goes_on[] = {"C_Encrypt",
                                      "C_EncryptUpdate",
                                      "C_EncryptFinal",
                                      "C_Decrypt",
                                      "C_DecryptUpdate",
                                      "C_DecryptFinal",
                                      "C_Sign",
                                      "C_SignUpdate",
                                      "C_SignFinal",
                                      "C_SignRecover",
                                      "C_Verify",
                                      "C_VerifyUpdate",
                                      "C_VerifyFinal",
                                      "C_VerifyRecover",
                                      "C_DigestEncryptUpdate",
                                      "C_DecryptDigestUpdate",
                                      "C_SignEncryptUpdate",
                                      "C_DecryptVerifyUpdate",
                                      "C_EncryptMessage",
                                      "C_EncryptMessageBegin",
                                      "C_EncryptMessageNext",
                                      "C_MessageEncryptFinal",
                                      "C_DecryptMessage",
                                      "C_DecryptMessageBegin",
                                      "C_DecryptMessageNext",
                                      "C_MessageDecryptFinal",
                                      "C_SignMessage",
                                      "C_SignMessageBegin",
                                      "C_SignMessageNext",
                                      "C_MessageSignFinal",
                                      "C_VerifyMessage",
                                      "C_VerifyMessageBegin",
                                      "C_VerifyMessageNext",
                                      "C_MessageVerifyFinal",
                                      "C_VerifySignature",
                                      "C_VerifySignatureUpdate",
                                      "C_VerifySignatureFinal"};
static const char *const elsewhere[] = {"C_Login", "C_LoginUser", "C_CloseSession"};

static bool is_in(const char *name, const char *const *list, size_t count) {
  for (size_t i = 0; i < count; i++)
    if (strcmp(name, list[i]) == 0) return true;
  return false;
}

static CK_RV expected_of(const char *name) {
  for (size_t i = 0; i < COUNT(exceptions); i++)
    if (strcmp(name, exceptions[i].name) == 0) return exceptions[i].rv;
  return is_in(name, goes_on, COUNT(goes_on)) ? CKR_OPERATION_NOT_INITIALIZED : CKR_USER_NOT_LOGGED_IN;
}

// A mechanism that the function takes.
static CK_MECHANISM *mechanism_for(const char *name) {
  static CK_BYTE iv[16];
  static CK_GCM_PARAMS gcm = {iv, 12, 96, NULL, 0, 128};
  static CK_ECDH1_DERIVE_PARAMS ecdh = {CKD_NULL, 0, NULL, 16, iv};
  static CK_MECHANISM cbc = {CKM_AES_CBC, iv, 16}, aes = {CKM_AES_KEY_GEN, NULL, 0},
                      ec = {CKM_EC_KEY_PAIR_GEN, NULL, 0}, sha = {CKM_SHA256, NULL, 0}, ecdsa = {CKM_ECDSA, NULL, 0},
                      rsa = {CKM_RSA_PKCS, NULL, 0}, wrap = {CKM_AES_KEY_WRAP, NULL, 0},
                      sealed = {CKM_AES_GCM, &gcm, sizeof gcm}, message = {CKM_AES_GCM, NULL, 0},
                      kem = {CKM_ML_KEM, NULL, 0}, derive = {CKM_ECDH1_DERIVE, &ecdh, sizeof ecdh};
  if (strstr(name, "Recover")) return &rsa;
  if (strstr(name, "Authenticated")) return &sealed;
  if (strstr(name, "MessageEncrypt") || strstr(name, "MessageDecrypt")) return &message;
  if (strstr(name, "Sign") || strstr(name, "Verify")) return &ecdsa;
  if (strstr(name, "Wrap") || strstr(name, "Unwrap")) return &wrap;
  if (strstr(name, "capsulate")) return &kem;
  if (strstr(name, "DeriveKey")) return &derive;
  if (strstr(name, "GenerateKeyPair")) return &ec;
  if (strstr(name, "GenerateKey")) return &aes;
  return strstr(name, "Digest") ? &sha : &cbc;
}

static void Without_a_login_every_function_that_needs_one_says_so(void) {
  static CK_BYTE buffers[PARAMETERS][64];
  CK_ULONG bytes = 32, refused = 0;
  CK_OBJECT_CLASS data = CKO_DATA;
  CK_ATTRIBUTE size = ATTRIBUTE(CKA_VALUE_LEN, bytes), class = ATTRIBUTE(CKA_CLASS, data),
               curve = {CKA_EC_PARAMS, (void *)p256, sizeof p256};
  CK_OBJECT_HANDLE key = make_aes(32, &yes);
  CHECK_EQUAL(f->C_Logout(session), CKR_OK);
  CHECK_EQUAL(f->C_DigestInit(session, mechanism_for("Digest")), CKR_OK);
  expect_refusal(f->C_DigestKey(session, key), CKR_USER_NOT_LOGGED_IN, "a key for a digest that needs nobody");
  for (size_t i = 0; i < COUNT(entries); i++) {
    const char *name = entries[i].name;
    if (strncmp(entries[i].parameters, "(CK_SESSION_HANDLE ", 19) != 0) continue;
    if (is_in(name, elsewhere, COUNT(elsewhere))) continue;
    char text[512];
    uintptr_t p[PARAMETERS] = {session};
    int n = 0;
    snprintf(text, sizeof text, "%s", entries[i].parameters);
    for (char *rest = text, *one; n < PARAMETERS && (one = strtok_r(rest, ",", &rest)) != NULL; n++) {
      if (n == 0) continue;
      memset(buffers[n], 0, sizeof buffers[n]);
      CK_ATTRIBUTE *template = strstr(name, "CreateObject") ? &class : strstr(name, "Pair") ? &curve : &size;
      if (strstr(one, "CK_MECHANISM_PTR")) p[n] = (uintptr_t)mechanism_for(name);
      else if (strstr(one, "CK_ATTRIBUTE_PTR")) p[n] = (uintptr_t) template;
      else if (strstr(one, "Count") && !strstr(one, "_PTR")) p[n] = 1;
      else if (strstr(one, "CK_OBJECT_HANDLE ")) p[n] = key;
      else if (strstr(one, "_VALIDATION_FLAGS_TYPE")) p[n] = CKS_LAST_VALIDATION_OK;
      else if (strstr(one, "_PTR")) p[n] = (uintptr_t)buffers[n];
      else p[n] = 16;
      if (strstr(one, "CK_ULONG_PTR")) memcpy(buffers[n], &(CK_ULONG){sizeof buffers[0]}, sizeof(CK_ULONG));
      if (strcmp(name, "C_SetPIN") == 0 && n == 1) memcpy(buffers[n], "nobody:password1", 16);
    }
    any_function call;
    memcpy(&call, (const char *)f32 + entries[i].at, sizeof call);
    CK_RV rv = call(p[0], p[1], p[2], p[3], p[4], p[5], p[6], p[7], p[8], p[9]), expected = expected_of(name);
    if (expected != CKR_OK) expect_refusal(rv, expected, name);
    if (expected == CKR_OK && rv != CKR_OK) {
      fprintf(stderr, "    %s: 0x%lx\n", name, rv);
      CHECK(rv == CKR_OK);
    }
    refused += rv == CKR_USER_NOT_LOGGED_IN;
  }
  CHECK_EQUAL(refused, 26);
  CHECK_EQUAL(f->C_Login(session, CKU_USER, (CK_UTF8CHAR_PTR)pin, strlen(pin)), CKR_OK);
  expect_refusal(f->C_Login(session, CKU_USER, (CK_UTF8CHAR_PTR)pin, strlen(pin)), CKR_USER_ALREADY_LOGGED_IN,
                 "a second login");
}
