// The OpenSSL engine `cloudhsm`, as CloudHSM's dynamic engine: nginx's `ssl_engine cloudhsm`, Apache's `SSLCryptoDevice
// cloudhsm` and `openssl … -engine cloudhsm` use private keys of the HSM that reference PEM files name, logged in with
// $CLOUDHSM_PIN. It is built against the host's OpenSSL 3; the C core within keeps its own, hidden as in the PKCS#11
// library (Makefile), and the two never meet.
#include <openssl/engine.h>

#include "errors.h"
#include "hsm.h"
#include "key_file.h"
#include "methods.h"

// Of all engines of this name that the process has bound, for its life: which keys still use them is not known here.
static struct {
  RSA_METHOD *rsa;
  EC_KEY_METHOD *ec;
} methods;

static int start(ENGINE *engine) {
  (void)engine;
  return hsm_start();
}

// openssl engine -t -post LOGIN cloudhsm
enum { LOGIN = ENGINE_CMD_BASE };
static const ENGINE_CMD_DEFN commands[] = {
    {LOGIN, "LOGIN", "logs in now, which a key's first use would do otherwise", ENGINE_CMD_FLAG_NO_INPUT},
    {0, NULL, NULL, 0},
};

static int control(ENGINE *engine, int command, long number, void *pointer, void (*function)(void)) {
  (void)engine, (void)number, (void)pointer, (void)function;
  return command == LOGIN && hsm_log_in();
}

static int bind(ENGINE *engine, const char *id) {
  if (id != NULL && strcmp(id, "cloudhsm") != 0) return 0;
  engine_errors_load();
  if (methods.rsa == NULL) methods.rsa = rsa_method_new();
  if (methods.ec == NULL) methods.ec = ec_method_new();
  return methods.rsa != NULL && methods.ec != NULL && hsm_prepare() && ENGINE_set_id(engine, "cloudhsm") &&
         ENGINE_set_name(engine, "CloudHSM OpenSSL Engine (Strongroom)") && ENGINE_set_RSA(engine, methods.rsa) &&
         ENGINE_set_EC(engine, methods.ec) && ENGINE_set_init_function(engine, start) &&
         ENGINE_set_ctrl_function(engine, control) && ENGINE_set_cmd_defns(engine, commands) &&
         ENGINE_set_load_privkey_function(engine, key_file_load);
}

__attribute__((visibility("default"))) IMPLEMENT_DYNAMIC_CHECK_FN();
__attribute__((visibility("default"))) IMPLEMENT_DYNAMIC_BIND_FN(bind)
