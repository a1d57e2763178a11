// EC: ECDSA (FIPS 186-5, 6) in the HSM. Key agreement with a key of the HSM is refused: TLS has ephemeral keys for
// that, which are software's.
#include <openssl/ecdsa.h>
#include <openssl/x509.h>

#include "errors.h"
#include "hsm.h"
#include "methods.h"
#include "reference.h"

enum { MAX_ORDER = 66 };  // bytes, P-521's

static int checked = -1;  // index of the mark "this key's public half is the one in the HSM"

static struct {
  int (*sign)(int, const unsigned char *, int, unsigned char *, unsigned int *, const BIGNUM *, const BIGNUM *,
              EC_KEY *);
  int (*sign_setup)(EC_KEY *, BN_CTX *, BIGNUM **, BIGNUM **);
  ECDSA_SIG *(*sign_sig)(const unsigned char *, int, const BIGNUM *, const BIGNUM *, EC_KEY *);
  int (*compute_key)(unsigned char **, size_t *, const EC_POINT *, const EC_KEY *);
} software;

// 1: a reference, checked once an EC_KEY; 0: software's; -1: refused.
static int find_reference(EC_KEY *ec, CK_OBJECT_HANDLE *key) {
  if (!reference_read(EC_KEY_get0_private_key(ec), key)) return 0;
  if (EC_KEY_get_ex_data(ec, checked) != NULL) return 1;
  unsigned char *info = NULL;
  int size = i2d_EC_PUBKEY(ec, &info);
  bool good = size > 0 && hsm_has_public_key(*key, info, (size_t)size);
  OPENSSL_free(info);
  if (good) EC_KEY_set_ex_data(ec, checked, &checked);
  return good ? 1 : -1;
}

// The HSM's signature is r and s side by side, each as long as the order. Of a longer digest the leftmost bytes count.
static ECDSA_SIG *sign_in_hsm(const unsigned char *digest, int size, EC_KEY *ec, CK_OBJECT_HANDLE key) {
  uint8_t raw[2 * MAX_ORDER];
  size_t room = sizeof raw;
  int order = (EC_GROUP_order_bits(EC_KEY_get0_group(ec)) + 7) / 8;
  if (size < 0 || !hsm_use(false, CKM_ECDSA, key, digest, (size_t)(size < order ? size : order), raw, &room))
    return NULL;
  ECDSA_SIG *signature = ECDSA_SIG_new();
  BIGNUM *r = BN_bin2bn(raw, (int)room / 2, NULL), *s = BN_bin2bn(raw + room / 2, (int)room / 2, NULL);
  if (signature != NULL && r != NULL && s != NULL && ECDSA_SIG_set0(signature, r, s)) return signature;
  ECDSA_SIG_free(signature);
  BN_free(r);
  BN_free(s);
  return NULL;
}

static ECDSA_SIG *sign_sig(const unsigned char *digest, int size, const BIGNUM *kinv, const BIGNUM *r, EC_KEY *ec) {
  CK_OBJECT_HANDLE key;
  int found = find_reference(ec, &key);
  if (found == 0) return software.sign_sig(digest, size, kinv, r, ec);
  return found == 1 ? sign_in_hsm(digest, size, ec, key) : NULL;
}

static int sign(int type, const unsigned char *digest, int size, unsigned char *out, unsigned int *out_size,
                const BIGNUM *kinv, const BIGNUM *r, EC_KEY *ec) {
  CK_OBJECT_HANDLE key;
  int found = find_reference(ec, &key);
  if (found == 0) return software.sign(type, digest, size, out, out_size, kinv, r, ec);
  ECDSA_SIG *signature = found == 1 ? sign_in_hsm(digest, size, ec, key) : NULL;
  int written = signature != NULL ? i2d_ECDSA_SIG(signature, &out) : 0;
  ECDSA_SIG_free(signature);
  *out_size = written > 0 ? (unsigned int)written : 0;
  return written > 0;
}

static int compute_key(unsigned char **secret, size_t *size, const EC_POINT *peer, const EC_KEY *ec) {
  CK_OBJECT_HANDLE key;
  if (!reference_read(EC_KEY_get0_private_key(ec), &key)) return software.compute_key(secret, size, peer, ec);
  engine_error(CLOUDHSM_R_OPERATION_NOT_SUPPORTED, "key agreement with key 0x%016lx", key);
  return 0;
}

EC_KEY_METHOD *ec_method_new(void) {
  if (checked < 0) checked = EC_KEY_get_ex_new_index(0, NULL, NULL, NULL, NULL);
  const EC_KEY_METHOD *usual = EC_KEY_OpenSSL();
  EC_KEY_METHOD *method = checked < 0 ? NULL : EC_KEY_METHOD_new(usual);
  if (method == NULL) return NULL;
  EC_KEY_METHOD_get_sign(usual, &software.sign, &software.sign_setup, &software.sign_sig);
  EC_KEY_METHOD_get_compute_key(usual, &software.compute_key);
  EC_KEY_METHOD_set_sign(method, sign, software.sign_setup, sign_sig);
  EC_KEY_METHOD_set_compute_key(method, compute_key);
  return method;
}
