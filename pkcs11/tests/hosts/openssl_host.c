// A host that uses the system's OpenSSL with a configuration of its own, which would break whoever else came to use it
// (no TLS 1.3, or no algorithm at all), and with our library, through an engine, as its source of randomness.
#include <openssl/conf.h>
#include <openssl/engine.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <unistd.h>

#include "check.h"
#include "module.h"

static struct module m;
static CK_SESSION_HANDLE random_session;
static _Thread_local int depth;
static int deepest, asked;

// The host's RAND: a C_GenerateRandom each. Our library's own TLS wants randomness too: drawn from the host's OpenSSL,
// it would come back here, for ever deeper.
static int random_bytes(unsigned char *out, int size) {
  asked++;
  depth++;
  if (depth > deepest) deepest = depth;
  int good = depth < 10 && size >= 0;
  if (good && random_session == 0) good = module_begin(&m, &random_session) == CKR_OK;
  if (good) good = m.list->C_GenerateRandom(random_session, out, (CK_ULONG)size) == CKR_OK;
  depth--;
  return good;
}

static int random_status(void) { return 1; }

static int make_default_engine(void) {
  static const RAND_METHOD method = {.bytes = random_bytes, .pseudorand = random_bytes, .status = random_status};
  ENGINE *engine = ENGINE_new();
  int good = engine != NULL && ENGINE_set_id(engine, "hsm") && ENGINE_set_name(engine, "the HSM's randomness") &&
             ENGINE_set_RAND(engine, &method) && ENGINE_add(engine) && ENGINE_set_default_RAND(engine);
  ENGINE_free(engine);
  return good;
}

static void The_hosts_configuration_is_in_force_in_the_host(void) {
  SSL_CTX *context = SSL_CTX_new(TLS_client_method());
  CHECK(context == NULL || SSL_CTX_get_max_proto_version(context) == TLS1_2_VERSION);
  SSL_CTX_free(context);
}

static void The_librarys_own_randomness_does_not_come_from_the_host(void) {
  unsigned char bytes[32];
  CHECK(RAND_bytes(bytes, sizeof bytes) == 1);  // connects, by TLS
  CHECK_EQUAL(deepest, 1);
  int before = asked;
  CHECK_EQUAL(m.list->C_Finalize(NULL), CKR_OK);
  CHECK_EQUAL(module_begin(&m, &random_session), CKR_OK);  // a key pair and another connection
  CHECK_EQUAL(asked, before);
}

static void The_library_works_after_the_hosts_OpenSSL_has_been_cleaned_up(void) {
  OPENSSL_cleanup();
  CHECK_EQUAL(module_sign(&m, random_session), CKR_OK);
  CHECK_EQUAL(m.list->C_Finalize(NULL), CKR_OK);
  CHECK_EQUAL(module_begin(&m, &random_session), CKR_OK);
}

int main(void) {
  alarm(60);
  m = module_load();
  OPENSSL_init_ssl(OPENSSL_INIT_LOAD_CONFIG, NULL);
  CHECK(make_default_engine());
  RUN(The_hosts_configuration_is_in_force_in_the_host);
  RUN(The_librarys_own_randomness_does_not_come_from_the_host);
  RUN(The_library_works_after_the_hosts_OpenSSL_has_been_cleaned_up);
  return CHECK_END();
}
