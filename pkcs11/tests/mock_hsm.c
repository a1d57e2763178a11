#include "mock_hsm.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cbor.h"
#include "known_keys.h"
#include "pkcs11.h"
#include "protocol.g.h"

static struct mock_control *control;
static SSL_CTX *server;

// One open operation in parts, or one creation that was done.
struct part {
  uint64_t session, use, total;
  EVP_MD_CTX *digest;
  uint8_t held[32];
  size_t held_size;
  int used;
};
static struct part parts[64];
static uint64_t created[4096], created_as[4096];
static pthread_mutex_t state_lock = PTHREAD_MUTEX_INITIALIZER;

static const sr_mechanism_info mechanisms[] = {
    {CKM_SHA256, 0, 0, CKF_DIGEST, SR_SHAPE_NONE, true},
    {CKM_ECDSA, 256, 256, CKF_SIGN | CKF_VERIFY, SR_SHAPE_NONE, false},
    {CKM_ECDSA_SHA256, 256, 256, CKF_SIGN | CKF_VERIFY | CKF_MESSAGE_SIGN | CKF_MESSAGE_VERIFY | CKF_MULTI_MESSAGE,
     SR_SHAPE_NONE, true},
    {CKM_RSA_PKCS, 2048, 2048, CKF_SIGN | CKF_DECRYPT, SR_SHAPE_NONE, false},
    {CKM_RSA_X_509, 2048, 2048, CKF_SIGN | CKF_DECRYPT, SR_SHAPE_NONE, false},
    {CKM_AES_KEY_GEN, 16, 32, CKF_GENERATE, SR_SHAPE_NONE, false},
    {CKM_AES_CBC_PAD, 16, 32, CKF_ENCRYPT | CKF_DECRYPT, SR_SHAPE_BYTES, true},
    {CKM_AES_GCM, 16, 32, CKF_ENCRYPT | CKF_DECRYPT | CKF_MESSAGE_ENCRYPT | CKF_MESSAGE_DECRYPT, SR_SHAPE_GCM, false},
};

static void sha256(const uint8_t *in, size_t size, uint8_t out[32]) {
  EVP_Digest(in, size, out, NULL, EVP_sha256(), NULL);
}

static bool skip(sr_reader *r) {
  uint64_t u;
  size_t n;
  bool b;
  sr_bytes s;
  if (sr_get_null(r) || sr_get_uint(r, &u) || sr_get_bool(r, &b) || sr_get_bytes(r, &s, 2 << 20) ||
      sr_get_text(r, &s, 4096))
    return true;
  if (!sr_get_array(r, &n)) return false;
  while (n-- > 0)
    if (!skip(r)) return false;
  return true;
}

struct request {
  uint64_t id, function, session, use, number, key;
  sr_bytes data, signature, iv;
  sr_reader fields;
};

// A mechanism: the number and the first bytes are all that the mock looks at.
static void read_mechanism(struct request *q) {
  size_t n;
  sr_get_array(&q->fields, &n);
  sr_get_uint(&q->fields, &q->number);
  skip(&q->fields);
  if (!sr_get_null(&q->fields)) sr_get_bytes(&q->fields, &q->iv, 65536);
  for (int i = 0; i < 6; i++) skip(&q->fields);
}

static void begin_reply(sr_writer *w, const struct request *q, size_t fields, uint64_t rv) {
  sr_put_array(w, 4 + fields);
  sr_put_uint(w, q->id);
  sr_put_uint(w, rv);
  sr_put_uint(w, atomic_load(&control->epoch));
  sr_put_uint(w, atomic_load(&control->sequence));
}

static void refuse(sr_writer *w, const struct request *q, uint64_t rv, const char *cause) {
  begin_reply(w, q, 1, rv);
  sr_put_text(w, (const uint8_t *)cause, strlen(cause));
}

// "Encryption": XOR, padded to 16 as CBC_PAD does. Output of what is complete; `last` pads and empties.
static size_t encrypt_some(struct part *p, const uint8_t *in, size_t size, int last, uint8_t *out) {
  size_t n = 0;
  for (size_t i = 0; i < size; i++) {
    p->held[p->held_size++] = in[i] ^ 0x5A;
    if (p->held_size == 16) memcpy(out + n, p->held, 16), n += 16, p->held_size = 0;
  }
  if (last) {
    uint8_t pad = (uint8_t)(16 - p->held_size);
    while (p->held_size < 16) p->held[p->held_size++] = pad ^ 0x5A;
    memcpy(out + n, p->held, 16);
    n += 16;
  }
  return n;
}

static void perform(sr_writer *w, struct request *q) {
  uint8_t out[64 + 32], *big = NULL;
  sr_bytes result = {out, 64, true};
  sha256(q->data.data, q->data.size, out);
  memcpy(out + 32, out, 32);
  struct part whole = {0};
  if (q->use == SR_USE_DIGEST) {
    result.size = 32;
  } else if (q->use == SR_USE_VERIFY) {
    if (q->signature.size != 64 || memcmp(q->signature.data, out, 64) != 0) {
      refuse(w, q, CKR_SIGNATURE_INVALID, "the signature is not right");
      return;
    }
    result.size = 0;
  } else if (q->use == SR_USE_ENCRYPT && q->number == CKM_AES_CBC_PAD) {
    result.data = big = malloc(q->data.size + 32);
    result.size = encrypt_some(&whole, q->data.data, q->data.size, 1, big);
  } else if (q->use == SR_USE_DECRYPT && q->number == CKM_AES_CBC_PAD) {
    if (q->data.size % 16 != 0 || q->data.size == 0) {
      refuse(w, q, CKR_ENCRYPTED_DATA_LEN_RANGE, "not a multiple of the block");
      return;
    }
    result.data = big = malloc(q->data.size);
    for (size_t i = 0; i < q->data.size; i++) big[i] = q->data.data[i] ^ 0x5A;
    result.size = q->data.size - big[q->data.size - 1];
  } else if (q->use == SR_USE_ENCRYPT) {
    result.data = big = malloc(q->data.size + 16);
    for (size_t i = 0; i < q->data.size; i++) big[i] = q->data.data[i] ^ 0x5A;
    memset(big + q->data.size, 0xEE, 16);
    result.size = q->data.size + 16;
  }
  begin_reply(w, q, 2, CKR_OK);
  sr_put_bytes(w, result.data, result.size);
  static const uint8_t drawn[12] = "drawn by hsm";
  bool zero = q->number == CKM_AES_GCM && q->iv.size == 12;
  for (size_t i = 0; zero && i < q->iv.size; i++) zero = q->iv.data[i] == 0;
  if (zero) sr_put_bytes(w, drawn, 12);
  else sr_put_null(w);
  free(big);
}

static void prepare(sr_writer *w, struct request *q) {
  if (q->key == 404) {
    refuse(w, q, CKR_KEY_HANDLE_INVALID, "there is no such key");
    return;
  }
  bool cbc = q->number == CKM_AES_CBC_PAD, gcm = q->number == CKM_AES_GCM;
  begin_reply(w, q, 8, CKR_OK);
  sr_put_uint(w, q->use == SR_USE_DIGEST ? 32 : q->use == SR_USE_SIGN ? 64 : 0);
  sr_put_uint(w, q->use == SR_USE_ENCRYPT ? (cbc ? 1 : 16) : 0);
  sr_put_uint(w, cbc && q->use == SR_USE_ENCRYPT ? 16 : 1);
  sr_put_uint(w, 0);
  sr_put_bool(w, q->number != CKM_ECDSA && !gcm);
  sr_put_bool(w, q->key != 7);
  sr_put_uint(w, 1);
  sr_put_bool(w, false);
}

static struct part *find_part(uint64_t session, uint64_t use) {
  for (size_t i = 0; i < 64; i++)
    if (parts[i].used && parts[i].session == session && parts[i].use == use) return &parts[i];
  return NULL;
}

static void drop_part(struct part *p) {
  EVP_MD_CTX_free(p->digest);
  memset(p, 0, sizeof *p);
}

static void begin_parts(sr_writer *w, struct request *q) {
  struct part *p = find_part(q->session, q->use);
  if (p != NULL) {
    refuse(w, q, CKR_OPERATION_ACTIVE, "an operation is open");
    return;
  }
  for (size_t i = 0; i < 64 && p == NULL; i++)
    if (!parts[i].used) p = &parts[i];
  *p = (struct part){.session = q->session, .use = q->use, .used = 1, .digest = EVP_MD_CTX_new()};
  EVP_DigestInit_ex(p->digest, EVP_sha256(), NULL);
  begin_reply(w, q, 1, CKR_OK);
  sr_put_null(w);
}

static void continue_parts(sr_writer *w, struct request *q) {
  struct part *p = find_part(q->session, q->use);
  if (p == NULL) {
    refuse(w, q, CKR_OPERATION_NOT_INITIALIZED, "no operation is open");
    return;
  }
  uint8_t *out = malloc(q->data.size + 128);
  size_t n = 0;
  if (q->function == SR_FUNCTION_UPDATE) {
    EVP_DigestUpdate(p->digest, q->data.data, q->data.size);
    if (q->use == SR_USE_ENCRYPT) n = encrypt_some(p, q->data.data, q->data.size, 0, out);
  } else {
    EVP_DigestFinal_ex(p->digest, out, NULL);
    memcpy(out + 32, out, 32);
    n = q->use == SR_USE_DIGEST ? 32 : 64;
    if (q->use == SR_USE_ENCRYPT) n = encrypt_some(p, NULL, 0, 1, out);
    drop_part(p);
  }
  begin_reply(w, q, q->function == SR_FUNCTION_FINISH ? 2 : 1, CKR_OK);
  sr_put_bytes(w, out, n);
  if (q->function == SR_FUNCTION_FINISH) sr_put_bool(w, false);
  free(out);
}

static void create(sr_writer *w, struct request *q, uint64_t number) {
  uint64_t handle = 0;
  for (size_t i = 0; i < 4096 && created[i] != 0; i++)
    if (created[i] == number) handle = created_as[i];
  if (handle == 0) {
    handle = 1000 + atomic_fetch_add(&control->creations, 1);
    created[(handle - 1000) % 4096] = number;
    created_as[(handle - 1000) % 4096] = handle;
    atomic_fetch_add(&control->sequence, 1);
  }
  begin_reply(w, q, 1, CKR_OK);
  sr_put_uint(w, handle);
}

static void put_public_key(sr_writer *w, uint64_t key) {
  uint8_t rsa[KNOWN_RSA_INFO];
  known_rsa_info(rsa);
  if (key % 2 == 1) sr_put_bytes(w, rsa, sizeof rsa);
  else sr_put_bytes(w, known_ec_info, sizeof known_ec_info);
}

static const char *const pin = "user:password";

static void reply(sr_writer *w, struct request *q, int *attached) {
  sr_reader *r = &q->fields;
  uint64_t number = 0;
  size_t n;
  switch (q->function) {
    case SR_FUNCTION_HELLO: {
      uint8_t challenge[32] = {1};
      begin_reply(w, q, 5, CKR_OK);
      sr_put_uint(w, 1);
      sr_put_bytes(w, challenge, 32);
      sr_put_text(w, (const uint8_t *)"cluster-mock", 12);
      sr_put_text(w, (const uint8_t *)"hsm-mock", 8);
      sr_put_uint(w, SR_LIMIT_FRAME);
      return;
    }
    case SR_FUNCTION_ATTACH: {
      sr_bytes signature, ticket = {0};
      sr_get_bytes(r, &signature, 64);
      if (!sr_get_null(r)) sr_get_bytes(r, &ticket, 512);
      bool good = ticket.present && !atomic_load(&control->forget_ticket);
      if (good) atomic_fetch_add(&control->attached_with_ticket, 1);
      *attached = 1;
      begin_reply(w, q, 2, CKR_OK);
      sr_put_bool(w, good);
      if (ticket.present && !good) sr_put_text(w, (const uint8_t *)"the ticket has expired", 22);
      else sr_put_null(w);
      return;
    }
    case SR_FUNCTION_LOGIN: {
      sr_bytes given;
      sr_get_uint(r, &number);
      sr_get_bytes(r, &given, 256);
      if (given.size != strlen(pin) || memcmp(given.data, pin, given.size) != 0) {
        refuse(w, q, CKR_PIN_INCORRECT, "wrong user or password");
        return;
      }
      atomic_fetch_add(&control->logins, 1);
      begin_reply(w, q, 2, CKR_OK);
      sr_put_bytes(w, (const uint8_t *)"ticket", 6);
      sr_put_uint(w, 600);
      return;
    }
    case SR_FUNCTION_RENEW_TICKET:
      begin_reply(w, q, 2, CKR_OK);
      sr_put_bytes(w, (const uint8_t *)"ticket", 6);
      sr_put_uint(w, 600);
      return;
    case SR_FUNCTION_GET_MECHANISMS:
      begin_reply(w, q, 1, CKR_OK);
      sr_put_array(w, sizeof mechanisms / sizeof mechanisms[0]);
      for (size_t i = 0; i < sizeof mechanisms / sizeof mechanisms[0]; i++) {
        sr_put_array(w, 6);
        sr_put_uint(w, mechanisms[i].number);
        sr_put_uint(w, mechanisms[i].min_key_size);
        sr_put_uint(w, mechanisms[i].max_key_size);
        sr_put_uint(w, mechanisms[i].flags);
        sr_put_uint(w, mechanisms[i].shape);
        sr_put_bool(w, mechanisms[i].multipart);
      }
      return;
    case SR_FUNCTION_PREPARE:
    case SR_FUNCTION_PERFORM:
    case SR_FUNCTION_BEGIN:
      sr_get_uint(r, &q->session);
      sr_get_uint(r, &q->use);
      read_mechanism(q);
      sr_get_uint(r, &q->key);
      if (q->function == SR_FUNCTION_PREPARE) {
        prepare(w, q);
      } else if (q->function == SR_FUNCTION_BEGIN) {
        begin_parts(w, q);
      } else {
        sr_get_bytes(r, &q->data, 2 << 20);
        if (!sr_get_null(r)) sr_get_bytes(r, &q->signature, 65536);
        perform(w, q);
      }
      return;
    case SR_FUNCTION_UPDATE:
    case SR_FUNCTION_FINISH:
    case SR_FUNCTION_CANCEL:
      sr_get_uint(r, &q->session);
      sr_get_uint(r, &q->use);
      if (q->function == SR_FUNCTION_CANCEL) {
        struct part *p = find_part(q->session, q->use);
        if (p != NULL) drop_part(p);
        begin_reply(w, q, 0, CKR_OK);
        return;
      }
      if (q->function == SR_FUNCTION_UPDATE) sr_get_bytes(r, &q->data, 2 << 20);
      continue_parts(w, q);
      return;
    case SR_FUNCTION_ECHO:
      sr_get_bytes(r, &q->data, 2 << 20);
      begin_reply(w, q, 1, CKR_OK);
      sr_put_bytes(w, q->data.data, q->data.size);
      return;
    case SR_FUNCTION_GENERATE_KEY:
      sr_get_uint(r, &q->session);
      sr_get_uint(r, &number);
      create(w, q, number);
      return;
    case SR_FUNCTION_GET_ATTRIBUTES:
      sr_get_uint(r, &q->session);
      sr_get_uint(r, &q->key);
      sr_get_array(r, &n);
      begin_reply(w, q, 1, CKR_OK);
      sr_put_array(w, n);
      for (size_t i = 0; i < n; i++) {
        sr_get_uint(r, &number);
        bool known = number == CKA_LABEL || number == CKA_WRAP_TEMPLATE || number == CKA_PUBLIC_KEY_INFO;
        uint64_t rv = number == CKA_VALUE ? CKR_ATTRIBUTE_SENSITIVE : known ? CKR_OK : CKR_ATTRIBUTE_TYPE_INVALID;
        sr_put_array(w, 4);
        sr_put_uint(w, number);
        sr_put_uint(w, rv);
        if (number == CKA_LABEL) sr_put_bytes(w, (const uint8_t *)"label", 5);
        else if (number == CKA_PUBLIC_KEY_INFO) put_public_key(w, q->key);
        else sr_put_null(w);
        if (number != CKA_WRAP_TEMPLATE) {
          sr_put_null(w);
          continue;
        }
        sr_put_array(w, 1);
        sr_put_array(w, 3);
        sr_put_uint(w, CKA_EXTRACTABLE);
        sr_put_bytes(w, (const uint8_t *)"\1", 1);
        sr_put_null(w);
      }
      return;
    case SR_FUNCTION_FIND_OBJECTS: {
      uint64_t after = 0, limit = 0;
      sr_get_uint(r, &q->session);
      skip(r);
      sr_get_uint(r, &after);
      sr_get_uint(r, &limit);
      uint64_t left = after < 600 ? 600 - after : 0, count = left < limit ? left : limit;  // handles 1 to 600
      begin_reply(w, q, 2, CKR_OK);
      sr_put_array(w, count);
      for (uint64_t i = 1; i <= count; i++) sr_put_uint(w, after + i);
      sr_put_bool(w, count < left);
      return;
    }
    case SR_FUNCTION_GET_SESSION_INFO:
      begin_reply(w, q, 1, CKR_OK);
      sr_put_uint(w, CKS_RW_USER_FUNCTIONS);
      return;
    case SR_FUNCTION_GENERATE_RANDOM:
      sr_get_uint(r, &number);
      q->data.data = calloc(1, number + 1);
      begin_reply(w, q, 1, CKR_OK);
      sr_put_bytes(w, q->data.data, number);
      free((void *)q->data.data);
      return;
    default:
      begin_reply(w, q, 0, CKR_OK);
  }
}

static int due_fault(uint64_t function) {
  if (atomic_load(&control->fault_function) != function) return MOCK_NONE;
  uint64_t seen = atomic_fetch_add(&control->seen, 1) + 1;
  int every = atomic_load(&control->fault_every);
  if (every > 0) return seen % (uint64_t)every == 0 ? atomic_load(&control->fault) : MOCK_NONE;
  return atomic_exchange(&control->fault, MOCK_NONE);
}

// One frame in, one out; false: close the connection after writing what is there.
static bool serve_frame(sr_writer *w, const uint8_t *frame, size_t size, int *attached) {
  struct request q = {.fields = {.data = frame, .size = size}};
  size_t n;
  uint64_t ignored;
  sr_get_array(&q.fields, &n);
  sr_get_uint(&q.fields, &q.id);
  sr_get_uint(&q.fields, &q.function);
  sr_get_uint(&q.fields, &ignored);
  sr_get_uint(&q.fields, &ignored);
  atomic_fetch_add(&control->frames, 1);
  atomic_fetch_add(&control->counts[q.function & 255], 1);
  int fault = due_fault(q.function);
  if (fault == MOCK_CLOSE) return false;
  if (fault == MOCK_WRONG_ID) q.id += 1000000;
  size_t mark = sr_frame_begin(w);
  pthread_mutex_lock(&state_lock);
  reply(w, &q, attached);
  pthread_mutex_unlock(&state_lock);
  sr_frame_end(w, mark);
  switch (fault) {
    case MOCK_HALF:
      w->size = mark + (w->size - mark) / 2;
      return false;
    case MOCK_LATE_CLOSE:
      w->size = mark;
      return false;
    case MOCK_TWICE: {
      size_t length = w->size - mark;
      for (size_t i = 0; i < length; i++) {
        sr_put_bool(w, true);
        w->data[w->size - 1] = w->data[mark + i];
      }
      return true;
    }
    case MOCK_OVERSIZED:
      w->data[mark] = 0xC0;
      return true;
    case MOCK_GARBAGE:
      memset(w->data + mark + 4, 0xFF, w->size - mark - 4);
      return true;
    default:
      return true;
  }
}

static void *serve(void *argument) {
  int fd = (int)(intptr_t)argument, attached = 0;
  SSL *ssl = SSL_new(server);
  SSL_set_fd(ssl, fd);
  uint8_t *in = malloc(4 << 20), *inline_out = malloc(1 << 20);
  size_t held = 0;
  bool open = SSL_accept(ssl) == 1;
  atomic_fetch_add(&control->live, 1);
  while (open) {
    int n = SSL_read(ssl, in + held, (4 << 20) - (int)held);
    if (n <= 0) break;
    held += (size_t)n;
    while (SSL_pending(ssl) > 0 && (n = SSL_read(ssl, in + held, (4 << 20) - (int)held)) > 0) held += (size_t)n;
    sr_writer w;
    sr_writer_init(&w, inline_out, 1 << 20);
    size_t at = 0;
    uint64_t batch = 0;
    while (open && held - at >= 4) {
      size_t size = (size_t)in[at] << 24 | (size_t)in[at + 1] << 16 | (size_t)in[at + 2] << 8 | in[at + 3];
      if (held - at - 4 < size) break;
      open = serve_frame(&w, in + at + 4, size, &attached);
      at += 4 + size;
      batch++;
    }
    memmove(in, in + at, held - at);
    held -= at;
    if (batch > 0) atomic_fetch_add(&control->reads, 1);
    if (batch > atomic_load(&control->largest_batch)) atomic_store(&control->largest_batch, batch);
    int delay = atomic_load(&control->delay_microseconds);
    if (delay > 0) usleep((useconds_t)delay);
    if (w.size > 0 && SSL_write(ssl, w.data, (int)w.size) <= 0) open = false;
    if (w.owned) free(w.data);
    if (atomic_load(&control->drop_all)) open = false;
  }
  SSL_free(ssl);
  shutdown(fd, SHUT_RDWR);
  close(fd);
  free(in);
  free(inline_out);
  atomic_fetch_sub(&control->live, 1);
  return NULL;
}

// At which of its addresses a connection came in.
static int next_connection(const struct pollfd listeners[2], int *at) {
  struct pollfd ready[2] = {listeners[0], listeners[1]};
  if (poll(ready, 2, -1) <= 0) return -1;
  *at = ready[0].revents != 0 ? 0 : 1;
  return accept(ready[*at].fd, NULL, NULL);
}

static void run(const int listeners[2]) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  signal(SIGPIPE, SIG_IGN);
  struct pollfd listening[2] = {{.fd = listeners[0], .events = POLLIN}, {.fd = listeners[1], .events = POLLIN}};
  for (;;) {
    int at = 0, fd = next_connection(listening, &at), on = 1;
    if (fd < 0) continue;
    atomic_fetch_add(&control->connections, 1);
    if (atomic_load(&control->refuse) || atomic_load(&control->moved_from) == at + 1) {
      close(fd);
      continue;
    }
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    pthread_t thread;
    pthread_create(&thread, NULL, serve, (void *)(intptr_t)fd);
    pthread_detach(thread);
  }
}

static EVP_PKEY *new_key(void) { return EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256"); }

int mock_certificate_seconds = 86400;
int mock_retry_seconds = 4;

static X509 *certify(EVP_PKEY *key, const char *name, X509 *issuer, EVP_PKEY *issuer_key, int ca) {
  X509 *c = X509_new();
  X509_set_version(c, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(c), ca ? 1 : 2);
  X509_gmtime_adj(X509_getm_notBefore(c), -60);
  X509_gmtime_adj(X509_getm_notAfter(c), ca ? 86400 : mock_certificate_seconds);
  X509_set_pubkey(c, key);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(c), "CN", MBSTRING_ASC, (const unsigned char *)name, -1, -1, 0);
  X509_set_issuer_name(c, issuer != NULL ? X509_get_subject_name(issuer) : X509_get_subject_name(c));
  if (ca) {
    X509_EXTENSION *e = X509V3_EXT_conf_nid(NULL, NULL, NID_basic_constraints, "critical,CA:TRUE");
    X509_add_ext(c, e, -1);
    X509_EXTENSION_free(e);
  }
  X509_sign(c, issuer_key, EVP_sha256());
  return c;
}

static int listen_at_any_port(int *port) {
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof address;
  if (bind(listener, (struct sockaddr *)&address, size) != 0 || listen(listener, 64) != 0) abort();
  getsockname(listener, (struct sockaddr *)&address, &size);
  *port = ntohs(address.sin_port);
  return listener;
}

void mock_start(struct mock_hsm *hsm, int key_hash_in_config) {
  memset(hsm, 0, sizeof *hsm);
  control = hsm->control = mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  atomic_store(&control->epoch, 1);
  strcpy(hsm->directory, "/tmp/strongroom-mock-XXXXXX");
  if (mkdtemp(hsm->directory) == NULL) abort();
  int listeners[2] = {listen_at_any_port(&hsm->port), listen_at_any_port(&hsm->other_port)};

  // The parent only waits for the files: OpenSSL is used in the child, so that the test's own process stays clean.
  int ready[2];
  if (pipe(ready) != 0) abort();
  hsm->pid = fork();
  if (hsm->pid == 0) {
    close(ready[0]);
    EVP_PKEY *ca_key = new_key(), *key = new_key();
    X509 *ca = certify(ca_key, "customer CA", NULL, ca_key, 1),
         *certificate = certify(key, "cluster-mock", ca, ca_key, 0);
    char path[128];
    snprintf(path, sizeof path, "%s/ca.crt", hsm->directory);
    FILE *file = fopen(path, "w");
    PEM_write_X509(file, ca);
    fclose(file);
    unsigned char *der = NULL, hash[32];
    int der_size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der);
    sha256(der, (size_t)der_size, hash);
    snprintf(path, sizeof path, "%s/config.json", hsm->directory);
    file = fopen(path, "w");
    fprintf(file, "{\"clusters\":[{\"cluster_id\":\"cluster-mock\",\"label\":\"hsm1\",\"ca_file\":\"%s/ca.crt\",",
            hsm->directory);
    if (key_hash_in_config) {
      fprintf(file, "\"cluster_key_sha256\":\"");
      for (int i = 0; i < 32; i++) fprintf(file, "%02x", hash[i]);
      fprintf(file, "\",");
    }
    fprintf(file,
            "\"hsms\":[{\"address\":\"127.0.0.1\",\"port\":%d}]}],\"log\":{\"file\":\"%s/"
            "log\",\"level\":\"debug\"},\"retry_seconds\":%d}\n",
            hsm->port, hsm->directory, mock_retry_seconds);
    fclose(file);
    server = SSL_CTX_new(TLS_server_method());
    SSL_CTX_set_min_proto_version(server, TLS1_3_VERSION);
    SSL_CTX_use_certificate(server, certificate);
    SSL_CTX_use_PrivateKey(server, key);
    if (write(ready[1], "x", 1) != 1) abort();
    close(ready[1]);
    run(listeners);
    _exit(0);
  }
  close(listeners[0]);
  close(listeners[1]);
  close(ready[1]);
  char byte;
  if (read(ready[0], &byte, 1) != 1) abort();
  close(ready[0]);
  snprintf(hsm->config, sizeof hsm->config, "%s/config.json", hsm->directory);
}

void mock_stop(struct mock_hsm *hsm) {
  kill(hsm->pid, SIGKILL);
  waitpid(hsm->pid, NULL, 0);
  static const char *const files[] = {"ca.crt", "config.json", "log"};
  for (size_t i = 0; i < 3; i++) {
    char path[128];
    snprintf(path, sizeof path, "%s/%s", hsm->directory, files[i]);
    unlink(path);
  }
  rmdir(hsm->directory);
}

void mock_reset(struct mock_hsm *hsm) {
  struct mock_control *c = hsm->control;
  atomic_store(&c->fault, MOCK_NONE);
  atomic_store(&c->fault_function, 0);
  atomic_store(&c->fault_every, 0);
  atomic_store(&c->seen, 0);
  atomic_store(&c->delay_microseconds, 0);
  atomic_store(&c->refuse, 0);
  atomic_store(&c->drop_all, 0);
  atomic_store(&c->forget_ticket, 0);
  atomic_store(&c->moved_from, 0);
}
