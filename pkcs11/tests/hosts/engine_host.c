// A host of the OpenSSL engine `cloudhsm`: loads it, uses references to keys of the (mock) HSM, and ends. What it signs
// is judged against the real HSM by tests/Strongroom.EndToEnd.Tests/CloudHsmEngine; here it is about memory.
#include <openssl/ecdsa.h>
#include <openssl/engine.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/sha.h>
#include <openssl/x509.h>
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "known_keys.h"

enum { THREADS = 8, SIGNATURES = 25, EC_KEY_OF_HSM = 2, RSA_KEY_OF_HSM = 3, NO_KEY = 404 };

static ENGINE *engine;
static const unsigned char message[] = "signed by the HSM";

static int is_logged(const char *reason) {
  int found = 0;
  for (unsigned long e; (e = ERR_get_error()) != 0;)
    found |= ERR_reason_error_string(e) != NULL && strstr(ERR_reason_error_string(e), reason) != NULL;
  return found;
}

static ENGINE *load(void) {
  ENGINE *e = ENGINE_by_id("dynamic");
  if (e == NULL || !ENGINE_ctrl_cmd_string(e, "SO_PATH", getenv("STRONGROOM_TEST_ENGINE"), 0) ||
      !ENGINE_ctrl_cmd_string(e, "LOAD", NULL, 0))
    ERR_print_errors_fp(stderr);
  return e;
}

static BIGNUM *reference(unsigned long handle) {
  uint8_t bytes[32] = "strongroom-key-1";
  for (int i = 0; i < 8; i++) bytes[31 - i] = (uint8_t)(handle >> 8 * i);
  return BN_bin2bn(bytes, sizeof bytes, NULL);
}

static EVP_PKEY *public_key(const uint8_t *info, long size) { return d2i_PUBKEY(NULL, &info, size); }

// What `key generate-file --encoding reference-pem` writes.
static void write_reference(const char *path, unsigned long handle, int is_rsa, int other_half) {
  uint8_t info[KNOWN_RSA_INFO];
  known_rsa_info(info);
  info[100] ^= (uint8_t)other_half;
  EVP_PKEY *key = is_rsa ? public_key(info, KNOWN_RSA_INFO) : public_key(known_ec_info, KNOWN_EC_INFO);
  BIGNUM *secret = reference(handle);
  FILE *file = fopen(path, "w");
  CHECK(key != NULL && secret != NULL && file != NULL);
  if (is_rsa) {
    RSA *rsa = EVP_PKEY_get1_RSA(key);
    BIGNUM *numbers[5];
    RSA_set0_key(rsa, NULL, NULL, secret);
    for (int i = 0; i < 5; i++) BN_set_word(numbers[i] = BN_new(), 1);
    RSA_set0_factors(rsa, numbers[0], numbers[1]);
    RSA_set0_crt_params(rsa, numbers[2], numbers[3], numbers[4]);
    CHECK(PEM_write_RSAPrivateKey(file, rsa, NULL, NULL, 0, NULL, NULL) == 1);
    RSA_free(rsa);
  } else {
    EC_KEY *ec = EVP_PKEY_get1_EC_KEY(key);
    if (other_half) {
      EC_POINT *point = EC_POINT_new(EC_KEY_get0_group(ec));
      EC_POINT_dbl(EC_KEY_get0_group(ec), point, EC_KEY_get0_public_key(ec), NULL);
      EC_KEY_set_public_key(ec, point);
      EC_POINT_free(point);
    }
    EC_KEY_set_private_key(ec, secret);
    CHECK(PEM_write_ECPrivateKey(file, ec, NULL, NULL, 0, NULL, NULL) == 1);
    BN_free(secret);
    EC_KEY_free(ec);
  }
  fclose(file);
  EVP_PKEY_free(key);
}

static EVP_PKEY *key_of(unsigned long handle, int is_rsa, int other_half) {
  char path[] = "/tmp/sr-reference-XXXXXX";
  close(mkstemp(path));
  write_reference(path, handle, is_rsa, other_half);
  EVP_PKEY *key = ENGINE_load_private_key(engine, path, NULL, NULL);
  unlink(path);
  return key;
}

static int sign(EVP_PKEY *key, int padding) {
  unsigned char signature[512];
  size_t size = sizeof signature;
  EVP_MD_CTX *context = EVP_MD_CTX_new();
  EVP_PKEY_CTX *parameters;
  int good = EVP_DigestSignInit(context, &parameters, EVP_sha256(), NULL, key) == 1 &&
             (padding == 0 || EVP_PKEY_CTX_set_rsa_padding(parameters, padding) == 1) &&
             EVP_DigestSign(context, signature, &size, message, sizeof message) == 1;
  EVP_MD_CTX_free(context);
  return good;
}

static void Without_a_configuration_it_does_not_start_and_with_one_it_does(void) {
  char *config = strdup(getenv("STRONGROOM_PKCS11_CONFIG"));
  engine = load();
  CHECK(engine != NULL);
  setenv("STRONGROOM_PKCS11_CONFIG", "/no/such/file", 1);
  CHECK(!ENGINE_init(engine));
  CHECK(is_logged("no configuration"));
  setenv("STRONGROOM_PKCS11_CONFIG", config, 1);
  free(config);
  CHECK(ENGINE_init(engine));
}

static void Without_a_PIN_or_with_a_wrong_one_no_key_is_used_and_with_the_right_one_it_is(void) {
  EVP_PKEY *key = key_of(EC_KEY_OF_HSM, 0, 0);
  CHECK(key != NULL);
  unsetenv("CLOUDHSM_PIN");
  CHECK(!ENGINE_ctrl_cmd_string(engine, "LOGIN", NULL, 0));
  CHECK(is_logged("no PIN"));
  setenv("CLOUDHSM_PIN", "user:wrong", 1);
  CHECK(!sign(key, 0));
  CHECK(is_logged("the HSM refused"));
  setenv("CLOUDHSM_PIN", "user:password", 1);
  CHECK(ENGINE_ctrl_cmd_string(engine, "LOGIN", NULL, 0));
  CHECK(sign(key, 0));
  EVP_PKEY_free(key);
}

static void An_EC_reference_signs_in_the_HSM(void) {
  EVP_PKEY *key = key_of(EC_KEY_OF_HSM, 0, 0);
  EC_KEY *ec = EVP_PKEY_get1_EC_KEY(key);
  unsigned char digest[SHA512_DIGEST_LENGTH] = {1}, seen[32], der[128];
  unsigned int size = 0;
  // The mock's signature is the hash of what it is given: the leftmost 32 bytes of a longer digest.
  ECDSA_SIG *signature = ECDSA_do_sign(digest, sizeof digest, ec);
  CHECK(signature != NULL);
  SHA256(digest, 32, seen);
  BIGNUM *expected = BN_bin2bn(seen, 32, NULL);
  CHECK(signature != NULL && BN_cmp(ECDSA_SIG_get0_r(signature), expected) == 0);
  CHECK(ECDSA_sign(0, digest, sizeof digest, der, &size, ec) == 1 && size > 64);
  unsigned char secret[32];
  CHECK(ECDH_compute_key(secret, sizeof secret, EC_KEY_get0_public_key(ec), ec, NULL) <= 0);
  CHECK(is_logged("operation not supported"));
  BN_free(expected);
  ECDSA_SIG_free(signature);
  EC_KEY_free(ec);
  EVP_PKEY_free(key);
}

static void An_RSA_reference_signs_and_decrypts_in_the_HSM(void) {
  EVP_PKEY *key = key_of(RSA_KEY_OF_HSM, 1, 0);
  RSA *rsa = EVP_PKEY_get1_RSA(key);
  unsigned char block[256] = {0}, out[256];
  CHECK(sign(key, 0));
  CHECK(sign(key, RSA_PKCS1_PSS_PADDING));
  CHECK(RSA_private_decrypt(sizeof block, block, out, rsa, RSA_PKCS1_PADDING) > 0);
  CHECK(RSA_private_decrypt(sizeof block, block, out, rsa, RSA_X931_PADDING) <= 0);
  CHECK(is_logged("padding not supported"));
  RSA_free(rsa);
  EVP_PKEY_free(key);
}

static void What_is_no_reference_or_names_another_key_signs_nothing(void) {
  for (int is_rsa = 0; is_rsa < 2; is_rsa++) {
    EVP_PKEY *other = key_of(is_rsa ? RSA_KEY_OF_HSM : EC_KEY_OF_HSM, is_rsa, 1),
             *gone = key_of(NO_KEY + is_rsa, is_rsa, 0);
    CHECK(other != NULL && !sign(other, 0));
    CHECK(is_logged("another key"));
    CHECK(gone != NULL && (is_rsa || !sign(gone, 0)));
    EVP_PKEY_free(other);
    EVP_PKEY_free(gone);
  }
  CHECK(ENGINE_load_private_key(engine, "/no/such/file", NULL, NULL) == NULL);
  CHECK(is_logged("can't be read"));
  char path[] = "/tmp/sr-own-XXXXXX";
  FILE *file = fdopen(mkstemp(path), "w");
  EVP_PKEY *own = EVP_EC_gen("P-256");
  PEM_write_PrivateKey(file, own, NULL, NULL, 0, NULL, NULL);
  fclose(file);
  CHECK(ENGINE_load_private_key(engine, path, NULL, NULL) == NULL);
  CHECK(is_logged("no reference"));
  unlink(path);
  EVP_PKEY_free(own);
}

static void Keys_of_software_stay_there(void) {
  CHECK(ENGINE_set_default(engine, ENGINE_METHOD_RSA | ENGINE_METHOD_EC));
  EVP_PKEY *ec = EVP_EC_gen("P-256"), *rsa = EVP_RSA_gen(2048);
  CHECK(ec != NULL && sign(ec, 0));
  CHECK(rsa != NULL && sign(rsa, 0) && sign(rsa, RSA_PKCS1_PSS_PADDING));
  EVP_PKEY_free(ec);
  EVP_PKEY_free(rsa);
  ENGINE_unregister_RSA(engine);
  ENGINE_unregister_EC(engine);
}

static _Atomic int signed_by_threads;

static void *sign_on(void *argument) {
  for (int i = 0; i < SIGNATURES; i++) atomic_fetch_add(&signed_by_threads, sign(argument, 0));
  return NULL;
}

static void Threads_and_a_forked_child_share_a_key(void) {
  pthread_t threads[THREADS];
  EVP_PKEY *key = key_of(EC_KEY_OF_HSM, 0, 0);
  for (int i = 0; i < THREADS; i++) pthread_create(&threads[i], NULL, sign_on, key);
  for (int i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
  CHECK_EQUAL(atomic_load(&signed_by_threads), THREADS * SIGNATURES);
  pid_t child = fork();
  if (child == 0) {
    alarm(60);
    int good = sign(key, 0);
    EVP_PKEY_free(key);
    _exit(good ? 0 : 1);
  }
  int status = -1;
  waitpid(child, &status, 0);
  CHECK_EQUAL(status, 0);
  CHECK(sign(key, 0));
  EVP_PKEY_free(key);
}

static void It_is_given_up_and_loaded_anew(void) {
  for (int i = 0; i < 20; i++) {
    CHECK(ENGINE_finish(engine));
    CHECK(ENGINE_free(engine));
    engine = load();
    CHECK(engine != NULL && ENGINE_init(engine));
  }
  EVP_PKEY *key = key_of(EC_KEY_OF_HSM, 0, 0);
  CHECK(key != NULL && sign(key, 0));
  EVP_PKEY_free(key);
  ENGINE_finish(engine);
  ENGINE_free(engine);
}

int main(void) {
  alarm(240);
  RUN(Without_a_configuration_it_does_not_start_and_with_one_it_does);
  RUN(Without_a_PIN_or_with_a_wrong_one_no_key_is_used_and_with_the_right_one_it_is);
  RUN(An_EC_reference_signs_in_the_HSM);
  RUN(An_RSA_reference_signs_and_decrypts_in_the_HSM);
  RUN(What_is_no_reference_or_names_another_key_signs_nothing);
  RUN(Keys_of_software_stay_there);
  RUN(Threads_and_a_forked_child_share_a_key);
  RUN(It_is_given_up_and_loaded_anew);
  return CHECK_END();
}
