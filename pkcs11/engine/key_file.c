#include "key_file.h"

#include <openssl/pem.h>

#include "errors.h"
#include "reference.h"

static EVP_PKEY *bind_rsa(ENGINE *engine, const RSA *read) {
  EVP_PKEY *key = EVP_PKEY_new();
  RSA *rsa = RSA_new_method(engine);
  BIGNUM *n = BN_dup(RSA_get0_n(read)), *e = BN_dup(RSA_get0_e(read)), *d = BN_dup(RSA_get0_d(read));
  if (rsa != NULL && n != NULL && e != NULL && d != NULL && RSA_set0_key(rsa, n, e, d)) n = e = d = NULL;
  BN_free(n);
  BN_free(e);
  BN_free(d);
  if (key != NULL && n == NULL && rsa != NULL && EVP_PKEY_assign_RSA(key, rsa)) return key;
  RSA_free(rsa);
  EVP_PKEY_free(key);
  return NULL;
}

static EVP_PKEY *bind_ec(ENGINE *engine, const EC_KEY *read) {
  EVP_PKEY *key = EVP_PKEY_new();
  EC_KEY *ec = EC_KEY_new_method(engine);
  if (key != NULL && ec != NULL && EC_KEY_set_group(ec, EC_KEY_get0_group(read)) &&
      EC_KEY_set_public_key(ec, EC_KEY_get0_public_key(read)) &&
      EC_KEY_set_private_key(ec, EC_KEY_get0_private_key(read)) && EVP_PKEY_assign_EC_KEY(key, ec))
    return key;
  EC_KEY_free(ec);
  EVP_PKEY_free(key);
  return NULL;
}

EVP_PKEY *key_file_load(ENGINE *engine, const char *path, UI_METHOD *ui, void *data) {
  (void)ui, (void)data;
  BIO *file = BIO_new_file(path, "r");
  EVP_PKEY *read = file != NULL ? PEM_read_bio_PrivateKey(file, NULL, NULL, NULL) : NULL, *bound = NULL;
  BIO_free(file);
  if (read == NULL) {
    engine_error(CLOUDHSM_R_FILE, "%s", path);
    return NULL;
  }
  const RSA *rsa = EVP_PKEY_get_base_id(read) == EVP_PKEY_RSA ? EVP_PKEY_get0_RSA(read) : NULL;
  const EC_KEY *ec = EVP_PKEY_get_base_id(read) == EVP_PKEY_EC ? EVP_PKEY_get0_EC_KEY(read) : NULL;
  CK_OBJECT_HANDLE key;
  if (rsa != NULL && reference_read(RSA_get0_d(rsa), &key)) bound = bind_rsa(engine, rsa);
  else if (ec != NULL && reference_read(EC_KEY_get0_private_key(ec), &key)) bound = bind_ec(engine, ec);
  else
    engine_error(CLOUDHSM_R_NO_REFERENCE,
                 "%s holds a key of its own; write it with key generate-file --encoding reference-pem", path);
  EVP_PKEY_free(read);
  return bound;
}
