// The library against a real HSM, loaded as hosts load it. Run with DIR/env sourced:
//   . DIR/env && make -C pkcs11 live
// Uses $STRONGROOM_PKCS11_MODULE, and logs in with $STRONGROOM_PIN, and as an admin with $STRONGROOM_ADMIN_PIN
// (admin:password). What it makes are session objects, or are destroyed; but for a crypto user, live_user.
#include <dlfcn.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "pkcs11.h"
#include "strongroom_vendor.h"

static CK_FUNCTION_LIST *f;
static CK_FUNCTION_LIST_3_2 *f32;
static const CK_SLOT_ID slot = 0x2000000000000001;
static const char *pin, *admin_pin;
static CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
static CK_SESSION_HANDLE session;

#define ATTRIBUTE(type, value) \
  { type, &(value), sizeof(value) }
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static CK_OBJECT_HANDLE make_aes(CK_ULONG bytes, CK_BBOOL *extractable) {
  CK_MECHANISM generate = {CKM_AES_KEY_GEN, NULL, 0};
  CK_ATTRIBUTE t[] = {
      ATTRIBUTE(CKA_VALUE_LEN, bytes), ATTRIBUTE(CKA_TOKEN, no),          ATTRIBUTE(CKA_PRIVATE, yes),
      ATTRIBUTE(CKA_ENCRYPT, yes),     ATTRIBUTE(CKA_DECRYPT, yes),       ATTRIBUTE(CKA_WRAP, yes),
      ATTRIBUTE(CKA_UNWRAP, yes),      {CKA_EXTRACTABLE, extractable, 1}, ATTRIBUTE(CKA_SENSITIVE, yes)};
  CK_OBJECT_HANDLE key = 0;
  CHECK_EQUAL(f->C_GenerateKey(session, &generate, t, COUNT(t), &key), CKR_OK);
  return key;
}

static void make_ec(const CK_BYTE *curve, CK_ULONG size, CK_OBJECT_HANDLE *public_key, CK_OBJECT_HANDLE *private_key) {
  CK_MECHANISM generate = {CKM_EC_KEY_PAIR_GEN, NULL, 0};
  CK_ATTRIBUTE p[] = {{CKA_EC_PARAMS, (void *)curve, size}, ATTRIBUTE(CKA_TOKEN, no), ATTRIBUTE(CKA_VERIFY, yes)};
  CK_ATTRIBUTE s[] = {ATTRIBUTE(CKA_TOKEN, no), ATTRIBUTE(CKA_PRIVATE, yes), ATTRIBUTE(CKA_SIGN, yes),
                      ATTRIBUTE(CKA_SENSITIVE, yes), ATTRIBUTE(CKA_EXTRACTABLE, no)};
  CHECK_EQUAL(f->C_GenerateKeyPair(session, &generate, p, COUNT(p), s, COUNT(s), public_key, private_key), CKR_OK);
}

static const CK_BYTE p256[] = {0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07};
static const CK_BYTE p384[] = {0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, 0x22};

static void make_rsa(CK_OBJECT_HANDLE *public_key, CK_OBJECT_HANDLE *private_key) {
  CK_MECHANISM generate = {CKM_RSA_PKCS_KEY_PAIR_GEN, NULL, 0};
  CK_ULONG bits = 2048;
  CK_BYTE exponent[] = {1, 0, 1};
  CK_ATTRIBUTE p[] = {ATTRIBUTE(CKA_MODULUS_BITS, bits), ATTRIBUTE(CKA_PUBLIC_EXPONENT, exponent),
                      ATTRIBUTE(CKA_TOKEN, no), ATTRIBUTE(CKA_VERIFY, yes)};
  CK_ATTRIBUTE s[] = {ATTRIBUTE(CKA_TOKEN, no), ATTRIBUTE(CKA_PRIVATE, yes), ATTRIBUTE(CKA_SIGN, yes),
                      ATTRIBUTE(CKA_SENSITIVE, yes)};
  CHECK_EQUAL(f->C_GenerateKeyPair(session, &generate, p, COUNT(p), s, COUNT(s), public_key, private_key), CKR_OK);
}

static void sign_and_verify(CK_MECHANISM mechanism, CK_OBJECT_HANDLE public_key, CK_OBJECT_HANDLE private_key,
                            CK_ULONG data_size, int parts) {
  static CK_BYTE data[200000];
  for (size_t i = 0; i < sizeof data; i++) data[i] = (CK_BYTE)(i * 7);
  CK_BYTE signature[512];
  CK_ULONG size = 0;
  CHECK_EQUAL(f->C_SignInit(session, &mechanism, private_key), CKR_OK);
  CHECK_EQUAL(f->C_Sign(session, data, data_size, NULL, &size), CKR_OK);
  CHECK(size > 0 && size <= sizeof signature);
  size--;
  CHECK_EQUAL(f->C_Sign(session, data, data_size, signature, &size), CKR_BUFFER_TOO_SMALL);
  CHECK_EQUAL(f->C_Sign(session, data, data_size, signature, &size), CKR_OK);
  CHECK_EQUAL(f->C_VerifyInit(session, &mechanism, public_key), CKR_OK);
  CHECK_EQUAL(f->C_Verify(session, data, data_size, signature, size), CKR_OK);
  signature[size / 2] ^= 1;
  CHECK_EQUAL(f->C_VerifyInit(session, &mechanism, public_key), CKR_OK);
  CHECK_EQUAL(f->C_Verify(session, data, data_size, signature, size), CKR_SIGNATURE_INVALID);
  if (!parts) return;
  // Signed in small parts, verified in one that is streamed.
  size = sizeof signature;
  CHECK_EQUAL(f->C_SignInit(session, &mechanism, private_key), CKR_OK);
  for (CK_ULONG at = 0; at < sizeof data; at += 1000) CHECK_EQUAL(f->C_SignUpdate(session, data + at, 1000), CKR_OK);
  CHECK_EQUAL(f->C_SignFinal(session, signature, &size), CKR_OK);
  CHECK_EQUAL(f->C_VerifyInit(session, &mechanism, public_key), CKR_OK);
  CHECK_EQUAL(f->C_VerifyUpdate(session, data, sizeof data), CKR_OK);
  CHECK_EQUAL(f->C_VerifyFinal(session, signature, size), CKR_OK);
}

static void Ecdsa_signs_and_verifies(void) {
  CK_OBJECT_HANDLE public_key = 0, private_key = 0;
  make_ec(p256, sizeof p256, &public_key, &private_key);
  sign_and_verify((CK_MECHANISM){CKM_ECDSA, NULL, 0}, public_key, private_key, 32, 0);
  sign_and_verify((CK_MECHANISM){CKM_ECDSA_SHA256, NULL, 0}, public_key, private_key, 1000, 1);
  make_ec(p384, sizeof p384, &public_key, &private_key);
  sign_and_verify((CK_MECHANISM){CKM_ECDSA, NULL, 0}, public_key, private_key, 48, 0);
}

static void Rsa_signs_and_verifies(void) {
  CK_OBJECT_HANDLE public_key = 0, private_key = 0;
  make_rsa(&public_key, &private_key);
  sign_and_verify((CK_MECHANISM){CKM_RSA_PKCS, NULL, 0}, public_key, private_key, 51, 0);
  sign_and_verify((CK_MECHANISM){CKM_SHA256_RSA_PKCS, NULL, 0}, public_key, private_key, 1000, 1);
  CK_RSA_PKCS_PSS_PARAMS pss = {CKM_SHA256, CKG_MGF1_SHA256, 32};
  sign_and_verify((CK_MECHANISM){CKM_RSA_PKCS_PSS, &pss, sizeof pss}, public_key, private_key, 32, 0);
  sign_and_verify((CK_MECHANISM){CKM_SHA256_RSA_PKCS_PSS, &pss, sizeof pss}, public_key, private_key, 1000, 1);
}

static void encrypt_and_decrypt(CK_MECHANISM mechanism, CK_OBJECT_HANDLE key, CK_ULONG size, CK_ULONG expected) {
  static CK_BYTE data[3 << 20], cipher[(3 << 20) + 64], plain[(3 << 20) + 64];
  for (CK_ULONG i = 0; i < size; i++) data[i] = (CK_BYTE)(i * 13 + 1);
  CK_ULONG cipher_size = 0, plain_size = 0;
  CHECK_EQUAL(f->C_EncryptInit(session, &mechanism, key), CKR_OK);
  CHECK_EQUAL(f->C_Encrypt(session, data, size, NULL, &cipher_size), CKR_OK);
  CHECK_EQUAL(cipher_size, expected);
  cipher_size = expected - 1;
  CHECK_EQUAL(f->C_Encrypt(session, data, size, cipher, &cipher_size), CKR_BUFFER_TOO_SMALL);
  CHECK_EQUAL(f->C_Encrypt(session, data, size, cipher, &cipher_size), CKR_OK);
  CHECK_EQUAL(cipher_size, expected);
  CHECK(size < 16 || memcmp(cipher, data, 16) != 0);
  CHECK_EQUAL(f->C_DecryptInit(session, &mechanism, key), CKR_OK);
  CHECK_EQUAL(f->C_Decrypt(session, cipher, cipher_size, NULL, &plain_size), CKR_OK);
  CHECK(plain_size >= size);
  CHECK_EQUAL(f->C_Decrypt(session, cipher, cipher_size, plain, &plain_size), CKR_OK);
  CHECK_EQUAL(plain_size, size);
  CHECK(memcmp(plain, data, size) == 0);
}

static void Aes_encrypts_and_decrypts(void) {
  CK_OBJECT_HANDLE key = make_aes(32, &no);
  CK_BYTE iv[16] = "0123456789abcdef", aad[] = "associated";
  CK_MECHANISM cbc = {CKM_AES_CBC_PAD, iv, 16};
  encrypt_and_decrypt(cbc, key, 0, 16);
  encrypt_and_decrypt(cbc, key, 100, 112);
  encrypt_and_decrypt(cbc, key, 16, 32);
  encrypt_and_decrypt(cbc, key, 3 << 20, (3 << 20) + 16);
  CK_GCM_PARAMS gcm = {iv, 12, 96, aad, 10, 128};
  CK_MECHANISM seal = {CKM_AES_GCM, &gcm, sizeof gcm};
  encrypt_and_decrypt(seal, key, 0, 16);
  encrypt_and_decrypt(seal, key, 16384, 16400);

  CK_BYTE cipher[48], plain[48];
  CK_ULONG size = sizeof cipher, plain_size = sizeof plain;
  CHECK_EQUAL(f->C_EncryptInit(session, &seal, key), CKR_OK);
  CHECK_EQUAL(f->C_Encrypt(session, aad, 10, cipher, &size), CKR_OK);
  cipher[0] ^= 1;
  CHECK_EQUAL(f->C_DecryptInit(session, &seal, key), CKR_OK);
  CK_RV rv = f->C_Decrypt(session, cipher, size, plain, &plain_size);
  CHECK(rv == CKR_ENCRYPTED_DATA_INVALID || rv == CKR_AEAD_DECRYPT_FAILED);
  CHECK_EQUAL(f->C_Decrypt(session, cipher, size, plain, &plain_size), CKR_OPERATION_NOT_INITIALIZED);
}

// The same ciphertext whether it is made at once or in parts of any size.
static void Encryption_in_parts_is_the_same_as_at_once(void) {
  CK_OBJECT_HANDLE key = make_aes(16, &no);
  CK_BYTE iv[16] = {9}, data[1000], whole[1016], parts[1100];
  CK_MECHANISM cbc = {CKM_AES_CBC_PAD, iv, 16};
  CK_ULONG size = sizeof whole;
  memset(data, 3, sizeof data);
  CHECK_EQUAL(f->C_EncryptInit(session, &cbc, key), CKR_OK);
  CHECK_EQUAL(f->C_Encrypt(session, data, sizeof data, whole, &size), CKR_OK);
  for (CK_ULONG step = 1; step < 1000; step = step * 3 + 1) {
    CK_ULONG total = 0, some;
    CHECK_EQUAL(f->C_EncryptInit(session, &cbc, key), CKR_OK);
    for (CK_ULONG at = 0; at < sizeof data; at += step) {
      some = sizeof parts - total;
      CHECK_EQUAL(f->C_EncryptUpdate(session, data + at, sizeof data - at < step ? sizeof data - at : step,
                                     parts + total, &some),
                  CKR_OK);
      total += some;
    }
    some = sizeof parts - total;
    CHECK_EQUAL(f->C_EncryptFinal(session, parts + total, &some), CKR_OK);
    CHECK_EQUAL(total + some, size);
    CHECK(memcmp(whole, parts, size) == 0);
    total = 0;
    CHECK_EQUAL(f->C_DecryptInit(session, &cbc, key), CKR_OK);
    for (CK_ULONG at = 0; at < size; at += step) {
      some = sizeof parts - total;
      CHECK_EQUAL(f->C_DecryptUpdate(session, whole + at, size - at < step ? size - at : step, parts + total, &some),
                  CKR_OK);
      total += some;
    }
    some = sizeof parts - total;
    CHECK_EQUAL(f->C_DecryptFinal(session, parts + total, &some), CKR_OK);
    CHECK_EQUAL(total + some, sizeof data);
    CHECK(memcmp(data, parts, sizeof data) == 0);
  }
}

static void A_wrapped_key_comes_back_the_same(void) {
  CK_OBJECT_HANDLE wrapping = make_aes(32, &no), key = make_aes(32, &yes), back = 0;
  CK_MECHANISM wrap = {CKM_AES_KEY_WRAP, NULL, 0};
  CK_BYTE wrapped[64];
  CK_ULONG size = 0;
  CHECK_EQUAL(f->C_WrapKey(session, &wrap, wrapping, key, NULL, &size), CKR_OK);
  CHECK_EQUAL(size, 40);
  size = 39;
  CHECK_EQUAL(f->C_WrapKey(session, &wrap, wrapping, key, wrapped, &size), CKR_BUFFER_TOO_SMALL);
  CHECK_EQUAL(f->C_WrapKey(session, &wrap, wrapping, key, wrapped, &size), CKR_OK);
  CK_OBJECT_CLASS class = CKO_SECRET_KEY;
  CK_KEY_TYPE type = CKK_AES;
  CK_ATTRIBUTE t[] = {ATTRIBUTE(CKA_CLASS, class), ATTRIBUTE(CKA_KEY_TYPE, type), ATTRIBUTE(CKA_TOKEN, no),
                      ATTRIBUTE(CKA_ENCRYPT, yes), ATTRIBUTE(CKA_DECRYPT, yes)};
  CHECK_EQUAL(f->C_UnwrapKey(session, &wrap, wrapping, wrapped, size, t, COUNT(t), &back), CKR_OK);
  CK_BYTE first[3] = {0}, second[3] = {1};
  CK_ATTRIBUTE a = ATTRIBUTE(CKA_CHECK_VALUE, first), b = ATTRIBUTE(CKA_CHECK_VALUE, second);
  CHECK_EQUAL(f->C_GetAttributeValue(session, key, &a, 1), CKR_OK);
  CHECK_EQUAL(f->C_GetAttributeValue(session, back, &b, 1), CKR_OK);
  CHECK(memcmp(first, second, 3) == 0);
  CK_OBJECT_HANDLE kept = make_aes(32, &no);
  CHECK_EQUAL(f->C_WrapKey(session, &wrap, wrapping, kept, wrapped, &size), CKR_KEY_UNEXTRACTABLE);
}

static void A_secret_can_not_be_read(void) {
  CK_OBJECT_HANDLE key = make_aes(32, &no);
  CK_BYTE value[32];
  CK_OBJECT_CLASS class = 99;
  CK_ATTRIBUTE t[] = {ATTRIBUTE(CKA_VALUE, value), ATTRIBUTE(CKA_CLASS, class)};
  CHECK_EQUAL(f->C_GetAttributeValue(session, key, t, 2), CKR_ATTRIBUTE_SENSITIVE);
  CHECK_EQUAL(t[0].ulValueLen, CK_UNAVAILABLE_INFORMATION);
  CHECK_EQUAL(class, CKO_SECRET_KEY);
}

static void Digests_agree_with_the_standard(void) {
  // FIPS 180-4, the message "abc".
  static const CK_BYTE abc[32] = {0xBA, 0x78, 0x16, 0xBF, 0x8F, 0x01, 0xCF, 0xEA, 0x41, 0x41, 0x40,
                                  0xDE, 0x5D, 0xAE, 0x22, 0x23, 0xB0, 0x03, 0x61, 0xA3, 0x96, 0x17,
                                  0x7A, 0x9C, 0xB4, 0x10, 0xFF, 0x61, 0xF2, 0x00, 0x15, 0xAD};
  CK_MECHANISM sha = {CKM_SHA256, NULL, 0};
  CK_BYTE digest[32];
  CK_ULONG size = sizeof digest;
  CHECK_EQUAL(f->C_DigestInit(session, &sha), CKR_OK);
  CHECK_EQUAL(f->C_Digest(session, (CK_BYTE_PTR) "abc", 3, digest, &size), CKR_OK);
  CHECK(memcmp(digest, abc, 32) == 0);
  CHECK_EQUAL(f->C_DigestInit(session, &sha), CKR_OK);
  CHECK_EQUAL(f->C_DigestUpdate(session, (CK_BYTE_PTR) "a", 1), CKR_OK);
  CHECK_EQUAL(f->C_DigestUpdate(session, (CK_BYTE_PTR) "bc", 2), CKR_OK);
  CHECK_EQUAL(f->C_DigestFinal(session, digest, &size), CKR_OK);
  CHECK(memcmp(digest, abc, 32) == 0);
}

static void Objects_are_found_by_what_they_are(void) {
  CK_MECHANISM generate = {CKM_AES_KEY_GEN, NULL, 0};
  CK_ULONG bytes = 32;
  char label[32];
  snprintf(label, sizeof label, "live-%ld", (long)getpid());
  CK_OBJECT_HANDLE made[5], found[10];
  CK_ATTRIBUTE t[] = {ATTRIBUTE(CKA_VALUE_LEN, bytes), ATTRIBUTE(CKA_TOKEN, yes), {CKA_LABEL, label, strlen(label)}};
  for (int i = 0; i < 5; i++) CHECK_EQUAL(f->C_GenerateKey(session, &generate, t, 3, &made[i]), CKR_OK);
  CK_ULONG count = 0;
  CK_ATTRIBUTE by_label = {CKA_LABEL, label, strlen(label)};
  CHECK_EQUAL(f->C_FindObjectsInit(session, &by_label, 1), CKR_OK);
  CHECK_EQUAL(f->C_FindObjects(session, found, 10, &count), CKR_OK);
  CHECK_EQUAL(count, 5);
  CHECK_EQUAL(f->C_FindObjectsFinal(session), CKR_OK);
  for (int i = 0; i < 5; i++) CHECK_EQUAL(f->C_DestroyObject(session, made[i]), CKR_OK);
  CHECK_EQUAL(f->C_DestroyObject(session, made[0]), CKR_OBJECT_HANDLE_INVALID);
  CHECK_EQUAL(f->C_FindObjectsInit(session, &by_label, 1), CKR_OK);
  CHECK_EQUAL(f->C_FindObjects(session, found, 10, &count), CKR_OK);
  CHECK_EQUAL(count, 0);
  CHECK_EQUAL(f->C_FindObjectsFinal(session), CKR_OK);
}

static void A_key_that_is_gone_is_not_used_by_an_old_verdict(void) {
  CK_OBJECT_HANDLE public_key = 0, private_key = 0;
  make_ec(p256, sizeof p256, &public_key, &private_key);
  CK_MECHANISM ecdsa = {CKM_ECDSA, NULL, 0};
  CK_BYTE digest[32] = {1}, signature[64];
  CK_ULONG size = sizeof signature;
  CHECK_EQUAL(f->C_SignInit(session, &ecdsa, private_key), CKR_OK);
  CHECK_EQUAL(f->C_Sign(session, digest, 32, signature, &size), CKR_OK);
  CHECK_EQUAL(f->C_DestroyObject(session, private_key), CKR_OK);
  CHECK_EQUAL(f->C_SignInit(session, &ecdsa, private_key), CKR_KEY_HANDLE_INVALID);
}

static void A_key_that_ended_with_its_session_is_not_used_by_an_old_verdict(void) {
  CK_SESSION_HANDLE first = session, other = 0;
  CHECK_EQUAL(f->C_OpenSession(slot, CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, &other), CKR_OK);
  CK_OBJECT_HANDLE public_key = 0, private_key = 0;
  session = other;
  make_ec(p256, sizeof p256, &public_key, &private_key);
  session = first;
  CK_MECHANISM ecdsa = {CKM_ECDSA, NULL, 0};
  CK_BYTE digest[32] = {1}, signature[64];
  CK_ULONG size = sizeof signature;
  CHECK_EQUAL(f->C_SignInit(session, &ecdsa, private_key), CKR_OK);
  CHECK_EQUAL(f->C_Sign(session, digest, 32, signature, &size), CKR_OK);
  CHECK_EQUAL(f->C_CloseSession(other), CKR_OK);
  CHECK_EQUAL(f->C_SignInit(session, &ecdsa, private_key), CKR_KEY_HANDLE_INVALID);
}

static void The_wrong_key_for_a_mechanism_is_refused(void) {
  CK_OBJECT_HANDLE aes = make_aes(32, &no), public_key = 0, private_key = 0;
  make_ec(p256, sizeof p256, &public_key, &private_key);
  CK_MECHANISM ecdsa = {CKM_ECDSA, NULL, 0}, rsa = {CKM_RSA_PKCS, NULL, 0}, unknown = {0x12345, NULL, 0};
  CHECK_EQUAL(f->C_SignInit(session, &rsa, private_key), CKR_KEY_TYPE_INCONSISTENT);
  CHECK_EQUAL(f->C_SignInit(session, &ecdsa, 0x7FFFFFFF), CKR_KEY_HANDLE_INVALID);
  CHECK_EQUAL(f->C_SignInit(session, &unknown, private_key), CKR_MECHANISM_INVALID);
  CK_RV rv = f->C_SignInit(session, &ecdsa, aes);
  CHECK(rv == CKR_KEY_TYPE_INCONSISTENT || rv == CKR_KEY_FUNCTION_NOT_PERMITTED);
  CHECK_EQUAL(f->C_SignInit(session, &ecdsa, private_key), CKR_OK);  // none of these left something open
  CHECK_EQUAL(f->C_SignInit(session, NULL, 0), CKR_OK);
}

static void Random_bytes_differ(void) {
  CK_BYTE a[64] = {0}, b[64] = {0};
  CHECK_EQUAL(f->C_GenerateRandom(session, a, 64), CKR_OK);
  CHECK_EQUAL(f->C_GenerateRandom(session, b, 64), CKR_OK);
  CHECK(memcmp(a, b, 64) != 0);
  CHECK_EQUAL(f->C_SeedRandom(session, a, 64), CKR_OK);
}

static void What_is_announced_is_there(void) {
  CK_ULONG count = 0;
  CK_TOKEN_INFO token;
  CHECK_EQUAL(f->C_GetTokenInfo(slot, &token), CKR_OK);
  CHECK(memcmp(token.label, "hsm1                            ", 32) == 0);
  CHECK((token.flags & (CKF_TOKEN_INITIALIZED | CKF_LOGIN_REQUIRED | CKF_RNG | CKF_DUAL_CRYPTO_OPERATIONS)) ==
        (CKF_TOKEN_INITIALIZED | CKF_LOGIN_REQUIRED | CKF_RNG | CKF_DUAL_CRYPTO_OPERATIONS));
  CHECK_EQUAL(f->C_GetMechanismList(slot, NULL, &count), CKR_OK);
  CK_MECHANISM_TYPE list[512];
  CHECK(count > 0 && count <= 512);
  CHECK_EQUAL(f->C_GetMechanismList(slot, list, &count), CKR_OK);
  for (CK_ULONG i = 0; i < count; i++) {
    CK_MECHANISM_INFO info;
    CHECK_EQUAL(f->C_GetMechanismInfo(slot, list[i], &info), CKR_OK);
    CHECK(info.flags != 0 && info.ulMinKeySize <= info.ulMaxKeySize);
  }
  CK_MECHANISM_INFO info;
  CHECK_EQUAL(f->C_GetMechanismInfo(slot, 0x12345, &info), CKR_MECHANISM_INVALID);
}

static void A_login_is_the_instances_and_ends_with_it(void) {
  CK_SESSION_HANDLE second;
  CK_SESSION_INFO info;
  CHECK_EQUAL(f->C_OpenSession(slot, CKF_SERIAL_SESSION, NULL, NULL, &second), CKR_OK);
  CHECK_EQUAL(f->C_GetSessionInfo(second, &info), CKR_OK);
  CHECK_EQUAL(info.state, CKS_RO_USER_FUNCTIONS);
  CHECK_EQUAL(f->C_Login(second, CKU_USER, (CK_UTF8CHAR_PTR)pin, strlen(pin)), CKR_USER_ALREADY_LOGGED_IN);
  CHECK_EQUAL(f->C_CloseSession(second), CKR_OK);
  pid_t child = fork();
  if (child == 0) {
    alarm(30);
    CK_SESSION_HANDLE own;
    int bad = f->C_GetSessionInfo(session, &info) != CKR_CRYPTOKI_NOT_INITIALIZED;
    bad += f->C_Initialize(NULL) != CKR_OK || f->C_OpenSession(slot, CKF_SERIAL_SESSION, NULL, NULL, &own) != CKR_OK;
    bad += f->C_GetSessionInfo(own, &info) != CKR_OK || info.state != CKS_RO_PUBLIC_SESSION;  // no login is inherited
    _exit(bad);
  }
  int status = 1;
  waitpid(child, &status, 0);
  CHECK_EQUAL(status, 0);
  CHECK_EQUAL(f->C_GetSessionInfo(session, &info), CKR_OK);
  CHECK_EQUAL(info.state, CKS_RW_USER_FUNCTIONS);
}

#include "refusals.c"

#include "messages.c"
#include "together.c"
#include "users.c"

#include "objects.c"
#include "without_login.c"

int main(void) {
  const char *path = getenv("STRONGROOM_PKCS11_MODULE");
  pin = getenv("STRONGROOM_PIN");
  admin_pin = getenv("STRONGROOM_ADMIN_PIN");
  if (path == NULL || pin == NULL || admin_pin == NULL) {
    fprintf(stderr,
            "source DIR/env first: STRONGROOM_PKCS11_MODULE and STRONGROOM_PIN are needed, and\n"
            "STRONGROOM_ADMIN_PIN, after the quickstart \"admin:$(cat DIR/customer/admin.password)\"\n");
    return 2;
  }
  void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  CK_RV (*get_list)(CK_FUNCTION_LIST_PTR_PTR) = NULL;
  if (handle != NULL) *(void **)&get_list = dlsym(handle, "C_GetFunctionList");
  if (get_list == NULL || get_list(&f) != CKR_OK) return 2;
  CK_RV (*get_interface)(CK_UTF8CHAR_PTR, CK_VERSION_PTR, CK_INTERFACE_PTR_PTR, CK_FLAGS) = NULL;
  CK_INTERFACE_PTR interface;
  *(void **)&get_interface = dlsym(handle, "C_GetInterface");
  if (get_interface == NULL || get_interface((CK_UTF8CHAR_PTR)SR_VENDOR_INTERFACE, NULL, &interface, 0) != CKR_OK)
    return 2;
  vendor = interface->pFunctionList;
  if (get_interface(NULL, &(CK_VERSION){3, 2}, &interface, 0) != CKR_OK) return 2;
  f32 = interface->pFunctionList;
  CHECK_EQUAL(f->C_Initialize(NULL), CKR_OK);
  CHECK_EQUAL(f->C_OpenSession(slot, CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, &session), CKR_OK);
  CHECK_EQUAL(f->C_Login(session, CKU_USER, (CK_UTF8CHAR_PTR)pin, strlen(pin)), CKR_OK);
  if (atomic_load(&check_failed_here) != 0) return 1;
  RUN(What_is_announced_is_there);
  RUN(A_login_is_the_instances_and_ends_with_it);
  RUN(Ecdsa_signs_and_verifies);
  RUN(Rsa_signs_and_verifies);
  RUN(Aes_encrypts_and_decrypts);
  RUN(Encryption_in_parts_is_the_same_as_at_once);
  RUN(A_wrapped_key_comes_back_the_same);
  RUN(A_secret_can_not_be_read);
  RUN(Digests_agree_with_the_standard);
  RUN(Objects_are_found_by_what_they_are);
  RUN(A_key_that_is_gone_is_not_used_by_an_old_verdict);
  RUN(A_key_that_ended_with_its_session_is_not_used_by_an_old_verdict);
  RUN(The_wrong_key_for_a_mechanism_is_refused);
  RUN(Random_bytes_differ);
  RUN(Gcm_messages_are_what_C_Encrypt_makes_and_each_has_its_own_IV);
  RUN(Messages_come_in_parts_of_any_size);
  RUN(A_long_message_is_decrypted_in_parts);
  RUN(Messages_are_signed_and_verified_one_after_the_other);
  RUN(A_key_is_wrapped_together_with_data_beside_it);
  RUN(Two_operations_at_once_are_what_they_are_one_by_one);
  RUN(A_key_goes_into_a_digest_if_it_may_leave);
  RUN(Data_comes_back_from_its_signature);
  RUN(States_do_not_leave_the_HSM_and_are_not_taken_from_elsewhere);
  RUN(Reading_attributes_loses_none_of_the_others);
  RUN(A_copy_has_the_key_its_own_id_and_what_the_template_says);
  RUN(A_key_that_leaves_under_trusted_keys_only_waits_for_an_admins_trust);
  RUN(What_a_key_prescribes_holds_for_what_goes_through_it);
  RUN(A_key_that_asks_each_time_is_used_once_a_login);
  RUN(Certificates_are_for_everyone_unless_they_are_private);
  RUN(The_slot_is_CloudHSMs_and_its_limitations_are_not);
  RUN(Sessions_go_through_the_states_of_the_standard);
  RUN(An_admin_makes_a_user_and_gives_it_a_new_password);
  RUN(A_user_changes_its_own_password_logged_in_or_not);
  RUN(Without_a_login_every_function_that_needs_one_says_so);
  RUN(Templates_that_can_not_be_store_nothing);
  RUN(Keys_from_outside_that_are_none_store_nothing);
  CHECK_EQUAL(f->C_Finalize(NULL), CKR_OK);
  return CHECK_END();
}
