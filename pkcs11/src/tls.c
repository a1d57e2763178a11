#include "tls.h"

#include <openssl/bio.h>
#include <openssl/buffer.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/provider.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fork.h"
#include "protocol.g.h"

enum { OUTPUT_KEPT = 128 << 10 };  // bytes

struct sr_tls_context {
  SSL_CTX *ssl;
};

struct sr_tls {
  SSL *ssl;
  BIO *in;
  BIO *out;
};

struct sr_instance_key {
  EVP_PKEY *key;
};

// Made under the lifecycle lock by the first C_Initialize, then only read; never freed, since threads of the host may
// still be inside a call when the process ends.
static OSSL_LIB_CTX *library;

static void explain(char *error, size_t error_size, const char *what) {
  unsigned long code = ERR_peek_last_error();
  const char *reason = code != 0 ? ERR_reason_error_string(code) : NULL;
  snprintf(error, error_size, "%s: %s", what, reason != NULL ? reason : "no reason given");
  ERR_clear_error();
}

bool sr_tls_prepare_process(void) {
  sr_openssl_enter();
  if (library == NULL) {
    uint64_t options = OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_NO_ATEXIT;
    if (OPENSSL_init_ssl(options, NULL) == 1) library = OSSL_LIB_CTX_new();
    if (library != NULL && OSSL_PROVIDER_load(library, "default") == NULL) {
      OSSL_LIB_CTX_free(library);
      library = NULL;
    }
  }
  bool good = library != NULL;
  sr_openssl_leave();
  return good;
}

static bool add_anchors(SSL_CTX *ssl, const char *pem, size_t size) {
  BIO *bio = BIO_new_mem_buf(pem, (int)size);
  X509_STORE *store = SSL_CTX_get_cert_store(ssl);
  int count = 0;
  bool good = bio != NULL;
  while (good) {
    X509 *certificate = X509_new_ex(library, NULL);
    if (certificate == NULL || PEM_read_bio_X509(bio, &certificate, NULL, NULL) == NULL) {
      X509_free(certificate);
      break;
    }
    good = X509_STORE_add_cert(store, certificate) == 1;
    X509_free(certificate);
    count++;
  }
  BIO_free(bio);
  if (count > 0 && good) ERR_clear_error();  // the end of the file is no error
  return good && count > 0;
}

// What this client shows where the HSM asks for a certificate.
static bool add_client(SSL_CTX *ssl, const struct sr_cluster_config *config) {
  return config->client_certificate[0] == '\0' ||
         (SSL_CTX_use_certificate_chain_file(ssl, config->client_certificate) == 1 &&
          SSL_CTX_use_PrivateKey_file(ssl, config->client_key, SSL_FILETYPE_PEM) == 1 &&
          SSL_CTX_check_private_key(ssl) == 1);
}

struct sr_tls_context *sr_tls_context_new(const struct sr_cluster_config *config, char *error, size_t error_size) {
  struct sr_tls_context *context = calloc(1, sizeof *context);
  if (context == NULL) return NULL;
  static const unsigned char alpn[] = "\x0c" SR_ALPN;
  _Static_assert(sizeof SR_ALPN - 1 == 0x0c, "the length before the protocol's name");
  sr_openssl_enter();
  SSL_CTX *ssl = context->ssl = SSL_CTX_new_ex(library, NULL, TLS_client_method());
  bool good = ssl != NULL && SSL_CTX_set_min_proto_version(ssl, TLS1_3_VERSION) == 1 &&
              SSL_CTX_set_alpn_protos(ssl, alpn, sizeof alpn - 1) == 0;
  if (good) {
    SSL_CTX_set_verify(ssl, SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_session_cache_mode(ssl, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_options(ssl, SSL_OP_CLEANSE_PLAINTEXT | SSL_OP_IGNORE_UNEXPECTED_EOF);
    SSL_CTX_set_mode(ssl, SSL_MODE_AUTO_RETRY | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    // The customer's CA may be an intermediate one: what the file holds is trusted as it stands.
    X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(ssl), X509_V_FLAG_PARTIAL_CHAIN);
    good = add_anchors(ssl, config->ca, config->ca_size);
  }
  const char *file = config->ca_file;
  if (good && !add_client(ssl, config)) {
    good = false;
    file = config->client_certificate;
  }
  if (!good) explain(error, error_size, file);
  sr_openssl_leave();
  if (good) return context;
  sr_tls_context_free(context);
  return NULL;
}

void sr_tls_context_free(struct sr_tls_context *context) {
  if (context == NULL) return;
  sr_openssl_enter();
  SSL_CTX_free(context->ssl);
  sr_openssl_leave();
  free(context);
}

struct sr_tls *sr_tls_new(struct sr_tls_context *context) {
  struct sr_tls *tls = calloc(1, sizeof *tls);
  if (tls == NULL) return NULL;
  sr_openssl_enter();
  tls->ssl = SSL_new(context->ssl);
  tls->in = BIO_new(BIO_s_mem());
  tls->out = BIO_new(BIO_s_mem());
  bool good = tls->ssl != NULL && tls->in != NULL && tls->out != NULL;
  if (good) {
    SSL_set_bio(tls->ssl, tls->in, tls->out);  // the SSL object owns them from here
    SSL_set_connect_state(tls->ssl);
  } else {
    BIO_free(tls->in);
    BIO_free(tls->out);
  }
  sr_openssl_leave();
  if (good) return tls;
  tls->in = tls->out = NULL;
  sr_tls_free(tls);
  return NULL;
}

void sr_tls_free(struct sr_tls *tls) {
  if (tls == NULL) return;
  sr_openssl_enter();
  SSL_free(tls->ssl);
  sr_openssl_leave();
  free(tls);
}

enum sr_tls_step sr_tls_handshake(struct sr_tls *tls, char *error, size_t error_size) {
  sr_openssl_enter();
  ERR_clear_error();
  enum sr_tls_step step = SR_TLS_DONE;
  int result = SSL_do_handshake(tls->ssl);
  if (result != 1) {
    step = SSL_get_error(tls->ssl, result) == SSL_ERROR_WANT_READ ? SR_TLS_WANTS_INPUT : SR_TLS_FAILED;
    if (step == SR_TLS_FAILED) {
      long verdict = SSL_get_verify_result(tls->ssl);
      if (verdict != X509_V_OK) {
        step = SR_TLS_UNTRUSTED;
        snprintf(error, error_size, "the server's certificate is not the customer CA's: %s",
                 X509_verify_cert_error_string(verdict));
      } else {
        explain(error, error_size, "TLS handshake");
      }
    }
  }
  sr_openssl_leave();
  return step;
}

bool sr_tls_peer_key_hash(struct sr_tls *tls, uint8_t hash[32]) {
  sr_openssl_enter();
  bool good = false;
  unsigned char *der = NULL;
  X509 *certificate = SSL_get0_peer_certificate(tls->ssl);
  int size = certificate != NULL ? i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der) : -1;
  if (size > 0) good = EVP_Q_digest(library, "SHA256", NULL, der, (size_t)size, hash, NULL) == 1;
  OPENSSL_free(der);
  sr_openssl_leave();
  return good;
}

bool sr_tls_feed(struct sr_tls *tls, const uint8_t *received, size_t size) {
  sr_openssl_enter();
  bool good = BIO_write(tls->in, received, (int)size) == (int)size;
  sr_openssl_leave();
  return good;
}

bool sr_tls_write(struct sr_tls *tls, const uint8_t *data, size_t size) {
  sr_openssl_enter();
  ERR_clear_error();
  bool good = true;
  while (good && size > 0) {
    size_t written = 0;
    good = SSL_write_ex(tls->ssl, data, size, &written) == 1;
    data += written;
    size -= written;
  }
  if (!good) ERR_clear_error();
  sr_openssl_leave();
  return good;
}

void sr_tls_close_notify(struct sr_tls *tls) {
  sr_openssl_enter();
  SSL_shutdown(tls->ssl);
  ERR_clear_error();
  sr_openssl_leave();
}

const uint8_t *sr_tls_output(struct sr_tls *tls, size_t *size) {
  char *data = NULL;
  sr_openssl_enter();
  long waiting = BIO_get_mem_data(tls->out, &data);
  sr_openssl_leave();
  *size = waiting > 0 ? (size_t)waiting : 0;
  return (const uint8_t *)data;
}

void sr_tls_output_sent(struct sr_tls *tls) {
  BUF_MEM *memory = NULL;
  sr_openssl_enter();
  // A reset wipes all that the BIO has ever grown to, so one that has carried a large frame is exchanged for a new one.
  BIO *fresh = BIO_get_mem_ptr(tls->out, &memory) > 0 && memory->max > OUTPUT_KEPT ? BIO_new(BIO_s_mem()) : NULL;
  if (fresh != NULL) {
    SSL_set0_wbio(tls->ssl, fresh);
    tls->out = fresh;
  } else {
    (void)BIO_reset(tls->out);
  }
  sr_openssl_leave();
}

ssize_t sr_tls_exchange(struct sr_tls *tls, const uint8_t *received, size_t size, uint8_t *plain, size_t room) {
  sr_openssl_enter();
  ERR_clear_error();
  ssize_t result = -1;
  if (size == 0 || BIO_write(tls->in, received, (int)size) == (int)size) {
    size_t got = 0;
    if (SSL_read_ex(tls->ssl, plain, room, &got) == 1) result = (ssize_t)got;
    else if (SSL_get_error(tls->ssl, 0) == SSL_ERROR_WANT_READ) result = 0;
  }
  if (result < 0) ERR_clear_error();
  sr_openssl_leave();
  return result;
}

bool sr_tls_has_more(struct sr_tls *tls) {
  sr_openssl_enter();
  bool more = SSL_has_pending(tls->ssl) == 1 || BIO_pending(tls->in) > 0;
  sr_openssl_leave();
  return more;
}

struct sr_instance_key *sr_instance_key_new(void) {
  struct sr_instance_key *key = calloc(1, sizeof *key);
  if (key == NULL) return NULL;
  sr_openssl_enter();
  key->key = EVP_PKEY_Q_keygen(library, NULL, "ED25519");
  sr_openssl_leave();
  if (key->key != NULL) return key;
  free(key);
  return NULL;
}

void sr_instance_key_free(struct sr_instance_key *key) {
  if (key == NULL) return;
  sr_openssl_enter();
  EVP_PKEY_free(key->key);
  sr_openssl_leave();
  free(key);
}

bool sr_instance_key_public(const struct sr_instance_key *key, uint8_t out[32]) {
  size_t size = 32;
  sr_openssl_enter();
  bool good = EVP_PKEY_get_raw_public_key(key->key, out, &size) == 1 && size == 32;
  sr_openssl_leave();
  return good;
}

bool sr_instance_key_sign(const struct sr_instance_key *key, const uint8_t *data, size_t size, uint8_t out[64]) {
  size_t written = 64;
  sr_openssl_enter();
  EVP_MD_CTX *context = EVP_MD_CTX_new();
  bool good = context != NULL && EVP_DigestSignInit_ex(context, NULL, NULL, library, NULL, key->key, NULL) == 1 &&
              EVP_DigestSign(context, out, &written, data, size) == 1 && written == 64;
  EVP_MD_CTX_free(context);
  ERR_clear_error();
  sr_openssl_leave();
  return good;
}
