#include "work.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fill.h"

static CK_BBOOL yes = CK_TRUE, no = CK_FALSE;

#define BOOL_ATTRIBUTE(type, value) \
  { type, &(value), sizeof(value) }

uint64_t worker_random(struct worker *w) {  // xorshift64*: for choosing and for IVs, not for secrets
  w->random ^= w->random >> 12;
  w->random ^= w->random << 25;
  w->random ^= w->random >> 27;
  return w->random * 0x2545F4914F6CDD1Du;
}

static void make_pair(const struct module *m, CK_MECHANISM mechanism, CK_ATTRIBUTE *public_template, CK_ULONG count,
                      struct material *material) {
  CK_ATTRIBUTE private_template[] = {BOOL_ATTRIBUTE(CKA_TOKEN, no), BOOL_ATTRIBUTE(CKA_PRIVATE, yes),
                                     BOOL_ATTRIBUTE(CKA_SENSITIVE, yes), BOOL_ATTRIBUTE(CKA_EXTRACTABLE, no),
                                     BOOL_ATTRIBUTE(CKA_SIGN, yes)};
  module_check(m,
               m->f->C_GenerateKeyPair(m->session, &mechanism, public_template, count, private_template, 5,
                                       &material->other, &material->key),
               "C_GenerateKeyPair");
}

static void destroy_material(const struct module *m, const struct options *o, struct material *material) {
  (void)o;
  m->f->C_DestroyObject(m->session, material->key);
  if (material->other != 0) m->f->C_DestroyObject(m->session, material->other);
}

static void prepare_p256(const struct module *m, const struct options *o, struct material *material) {
  (void)o;
  CK_BYTE curve[] = {0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07};  // OID 1.2.840.10045.3.1.7
  CK_ATTRIBUTE t[] = {
      {CKA_EC_PARAMS, curve, sizeof curve}, BOOL_ATTRIBUTE(CKA_TOKEN, no), BOOL_ATTRIBUTE(CKA_VERIFY, yes)};
  make_pair(m, (CK_MECHANISM){CKM_EC_KEY_PAIR_GEN, NULL, 0}, t, 3, material);
}

static void prepare_rsa2048(const struct module *m, const struct options *o, struct material *material) {
  (void)o;
  CK_ULONG bits = 2048;
  CK_BYTE exponent[] = {1, 0, 1};
  CK_ATTRIBUTE t[] = {{CKA_MODULUS_BITS, &bits, sizeof bits},
                      {CKA_PUBLIC_EXPONENT, exponent, 3},
                      BOOL_ATTRIBUTE(CKA_TOKEN, no),
                      BOOL_ATTRIBUTE(CKA_VERIFY, yes)};
  make_pair(m, (CK_MECHANISM){CKM_RSA_PKCS_KEY_PAIR_GEN, NULL, 0}, t, 4, material);
}

CK_RV work_make_aes(const struct module *m, CK_SESSION_HANDLE session, CK_BBOOL *token, const char *label,
                    CK_OBJECT_HANDLE *key) {
  CK_MECHANISM generate = {CKM_AES_KEY_GEN, NULL, 0};
  CK_ULONG length = 32;
  CK_ATTRIBUTE t[] = {{CKA_VALUE_LEN, &length, sizeof length},  {CKA_TOKEN, token, 1},
                      BOOL_ATTRIBUTE(CKA_PRIVATE, yes),         BOOL_ATTRIBUTE(CKA_SENSITIVE, yes),
                      BOOL_ATTRIBUTE(CKA_ENCRYPT, yes),         BOOL_ATTRIBUTE(CKA_DECRYPT, yes),
                      {CKA_LABEL, (void *)label, strlen(label)}};
  return m->f->C_GenerateKey(session, &generate, t, 7, key);
}

static void prepare_aes(const struct module *m, const struct options *o, struct material *material) {
  (void)o;
  module_check(m, work_make_aes(m, m->session, &no, "load", &material->key), "C_GenerateKey");
}

// 32 bytes, as a SHA-256 digest has.
static CK_RV sign_p256(struct worker *w) {
  CK_MECHANISM mechanism = {CKM_ECDSA, NULL, 0};
  CK_ULONG length = w->out_size;
  CK_RV rv = w->m->f->C_SignInit(w->session, &mechanism, w->material->key);
  return rv != CKR_OK ? rv : w->m->f->C_Sign(w->session, w->in, 32, w->out, &length);
}

// A DigestInfo of SHA-256 and 32 bytes, as TLS 1.2 and X.509 sign it.
static CK_RV sign_rsa2048(struct worker *w) {
  static const CK_BYTE info[19] = {0x30, 0x31, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
                                   0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20};
  CK_MECHANISM mechanism = {CKM_RSA_PKCS, NULL, 0};
  CK_ULONG length = w->out_size;
  memcpy(w->in, info, sizeof info);
  CK_RV rv = w->m->f->C_SignInit(w->session, &mechanism, w->material->key);
  return rv != CKR_OK ? rv : w->m->f->C_Sign(w->session, w->in, sizeof info + 32, w->out, &length);
}

// The caller's IV, another one for each call.
static CK_RV encrypt_gcm(struct worker *w) {
  CK_BYTE iv[12];
  uint64_t r = worker_random(w);
  memcpy(iv, &r, 8);
  memcpy(iv + 8, &w->number, 4);
  CK_GCM_PARAMS params = {iv, sizeof iv, sizeof iv * 8, NULL, 0, 128};
  CK_MECHANISM mechanism = {CKM_AES_GCM, &params, sizeof params};
  CK_ULONG length = w->out_size;
  CK_RV rv = w->m->f->C_EncryptInit(w->session, &mechanism, w->material->key);
  return rv != CKR_OK ? rv : w->m->f->C_Encrypt(w->session, w->in, w->o->size, w->out, &length);
}

static void prepare_echo(const struct module *m, const struct options *o, struct material *material) {
  (void)o, (void)material;
  if (m->vendor != NULL) return;
  fprintf(stderr, "load: the module has no interface \"%s\", so there is no echo\n", SR_VENDOR_INTERFACE);
  exit(2);
}

static CK_RV echo(struct worker *w) {
  CK_ULONG length = w->out_size;
  return w->m->vendor->SR_Echo(w->session, w->in, w->o->size, w->out, &length);
}

static CK_RV generate_random(struct worker *w) { return w->m->f->C_GenerateRandom(w->session, w->out, w->o->size); }

static void prepare_find(const struct module *m, const struct options *o, struct material *material) {
  (void)material;
  fill(m, o);
}

static CK_RV find_one(struct worker *w) {
  CK_ULONG found = 0;
  CK_RV rv = fill_find(w->m, w->session, w->o->prefix, worker_random(w) % w->o->keys, &found);
  return rv == CKR_OK && found != 1 ? CKR_GENERAL_ERROR : rv;
}

static CK_RV create_key(struct worker *w) {
  if (w->made_count == w->made_room) {
    size_t room = w->made_room == 0 ? 1024 : w->made_room * 2;
    CK_OBJECT_HANDLE *made = realloc(w->made, room * sizeof *made);
    if (made == NULL) return CKR_HOST_MEMORY;
    w->made = made;
    w->made_room = room;
  }
  CK_RV rv = work_make_aes(w->m, w->session, &yes, "load-create", &w->made[w->made_count]);
  if (rv == CKR_OK) w->made_count++;
  return rv;
}

static const struct work works[] = {
    {"rsa2048-sign", sign_rsa2048, prepare_rsa2048, destroy_material},
    {"p256-sign", sign_p256, prepare_p256, destroy_material},
    {"aes-gcm", encrypt_gcm, prepare_aes, destroy_material},
    {"echo", echo, prepare_echo, NULL},
    {"random", generate_random, NULL, NULL},
    {"find", find_one, prepare_find, NULL},
    {"create-key", create_key, NULL, NULL},
};

const struct work *work_find(const char *name) {
  for (size_t i = 0; i < sizeof works / sizeof works[0]; i++)
    if (strcmp(works[i].name, name) == 0) return &works[i];
  return NULL;
}

void work_list(void) {
  for (size_t i = 0; i < sizeof works / sizeof works[0]; i++) fprintf(stderr, " %s", works[i].name);
}
