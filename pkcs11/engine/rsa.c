// RSA: PKCS#1 signatures and decryption in the HSM. OpenSSL makes the paddings of PSS (RFC 8017, 9.1) and OAEP (7.1)
// itself, and asks for the bare operation.
#include <openssl/x509.h>

#include "errors.h"
#include "hsm.h"
#include "methods.h"
#include "reference.h"

static int checked = -1;  // index of the mark "this key's public half is the one in the HSM"

// 1: a reference, checked once an RSA object; 0: software's; -1: refused.
static int find_reference(RSA *rsa, CK_OBJECT_HANDLE *key) {
  if (!reference_read(RSA_get0_d(rsa), key)) return 0;
  if (RSA_get_ex_data(rsa, checked) != NULL) return 1;
  unsigned char *info = NULL;
  int size = i2d_RSA_PUBKEY(rsa, &info);
  bool good = size > 0 && hsm_has_public_key(*key, info, (size_t)size);
  OPENSSL_free(info);
  if (good) RSA_set_ex_data(rsa, checked, &checked);
  return good ? 1 : -1;
}

static int use(bool decrypt, int size, const unsigned char *from, unsigned char *to, RSA *rsa, CK_OBJECT_HANDLE key,
               int padding) {
  if (padding != RSA_PKCS1_PADDING && padding != RSA_NO_PADDING) {
    engine_error(CLOUDHSM_R_PADDING_NOT_SUPPORTED, "RSA padding %d with key 0x%016lx", padding, key);
    return -1;
  }
  size_t room = (size_t)RSA_size(rsa);
  CK_MECHANISM_TYPE mechanism = padding == RSA_PKCS1_PADDING ? CKM_RSA_PKCS : CKM_RSA_X_509;
  return size >= 0 && hsm_use(decrypt, mechanism, key, from, (size_t)size, to, &room) ? (int)room : -1;
}

static int private_encrypt(int size, const unsigned char *from, unsigned char *to, RSA *rsa, int padding) {
  CK_OBJECT_HANDLE key;
  int found = find_reference(rsa, &key);
  if (found == 0) return RSA_meth_get_priv_enc(RSA_PKCS1_OpenSSL())(size, from, to, rsa, padding);
  return found == 1 ? use(false, size, from, to, rsa, key, padding) : -1;
}

static int private_decrypt(int size, const unsigned char *from, unsigned char *to, RSA *rsa, int padding) {
  CK_OBJECT_HANDLE key;
  int found = find_reference(rsa, &key);
  if (found == 0) return RSA_meth_get_priv_dec(RSA_PKCS1_OpenSSL())(size, from, to, rsa, padding);
  return found == 1 ? use(true, size, from, to, rsa, key, padding) : -1;
}

RSA_METHOD *rsa_method_new(void) {
  if (checked < 0) checked = RSA_get_ex_new_index(0, NULL, NULL, NULL, NULL);
  RSA_METHOD *method = checked < 0 ? NULL : RSA_meth_dup(RSA_PKCS1_OpenSSL());
  if (method == NULL) return NULL;
  RSA_meth_set1_name(method, "CloudHSM RSA");
  RSA_meth_set_priv_enc(method, private_encrypt);
  RSA_meth_set_priv_dec(method, private_decrypt);
  return method;
}
