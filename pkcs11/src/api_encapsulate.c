// Key encapsulation (PKCS#11 3.2, section 5.18.8 and 5.18.9).
#include <string.h>

#include "api_key.h"
#include "attributes.h"
#include "exchange.h"
#include "instance.h"

// The HSM judges the key and tells the ciphertext's length before anything is made: a buffer that is too small makes no
// key.
static CK_RV ask_length(struct sr_session *s, const sr_mechanism *mechanism, CK_OBJECT_HANDLE key, uint64_t *length) {
  struct sr_call call;
  sr_prepare_request request = {.session = s->id, .use = SR_USE_ENCAPSULATE, .mechanism = *mechanism, .key = key};
  sr_prepare_reply reply;
  CK_RV rv = sr_exchange_prepare(s->cluster, &call, &request, &reply);
  if (rv == CKR_OK) *length = reply.fixed;
  sr_call_end(&call);
  return rv;
}

static CK_RV encapsulate(struct sr_session *s, const sr_encapsulate_key_request *request, CK_BYTE_PTR out,
                         CK_ULONG_PTR out_size, CK_OBJECT_HANDLE_PTR key) {
  struct sr_call call;
  sr_encapsulate_key_reply reply;
  CK_RV rv = sr_exchange_encapsulate_key(s->cluster, &call, request, &reply);
  if (rv == CKR_OK && reply.ciphertext.size > *out_size)
    rv = sr_refuse(CKR_GENERAL_ERROR, "the HSM's ciphertext is longer than it said");
  if (rv == CKR_OK) {
    memcpy(out, reply.ciphertext.data, reply.ciphertext.size);
    *out_size = reply.ciphertext.size;
    *key = reply.handle;
  }
  sr_call_end(&call);
  return rv;
}

CK_RV C_EncapsulateKey(CK_SESSION_HANDLE hSession, CK_MECHANISM_PTR pMechanism, CK_OBJECT_HANDLE hPublicKey,
                       CK_ATTRIBUTE_PTR pTemplate, CK_ULONG ulAttributeCount, CK_BYTE_PTR pCiphertext,
                       CK_ULONG_PTR pulCiphertextLen, CK_OBJECT_HANDLE_PTR phKey) {
  struct sr_session *s;
  CK_RV rv = sr_enter_session(__func__, hSession, &s);
  if (rv != CKR_OK) return rv;
  if (pulCiphertextLen == NULL || (pCiphertext != NULL && phKey == NULL))
    return sr_leave_session(s, sr_refuse(CKR_ARGUMENTS_BAD, "pulCiphertextLen or phKey is NULL"));
  sr_arena arena = {0};
  struct sr_drawn_iv iv = {0};
  sr_encapsulate_key_request request = {.session = s->id,
                                        .creation = sr_cluster_next_creation(s->cluster),
                                        .public_key = hPublicKey,
                                        .template = {.count = ulAttributeCount, .present = true}};
  uint64_t length = 0;
  rv = sr_key_mechanism(s, pMechanism, &arena, &request.mechanism, &iv);
  if (rv == CKR_OK) rv = sr_template_read(pTemplate, ulAttributeCount, &arena, &request.template.items);
  if (rv == CKR_OK) rv = ask_length(s, &request.mechanism, hPublicKey, &length);
  if (rv == CKR_OK && pCiphertext != NULL && *pulCiphertextLen >= length) {
    rv = encapsulate(s, &request, pCiphertext, pulCiphertextLen, phKey);
  } else if (rv == CKR_OK) {
    *pulCiphertextLen = length;
    if (pCiphertext != NULL) rv = sr_refuse(CKR_BUFFER_TOO_SMALL, "the ciphertext needs %zu bytes", (size_t)length);
  }
  sr_arena_free(&arena);
  return sr_leave_session(s, rv);
}

CK_RV C_DecapsulateKey(CK_SESSION_HANDLE hSession, CK_MECHANISM_PTR pMechanism, CK_OBJECT_HANDLE hPrivateKey,
                       CK_ATTRIBUTE_PTR pTemplate, CK_ULONG ulAttributeCount, CK_BYTE_PTR pCiphertext,
                       CK_ULONG ulCiphertextLen, CK_OBJECT_HANDLE_PTR phKey) {
  struct sr_session *s;
  CK_RV rv = sr_enter_session(__func__, hSession, &s);
  if (rv != CKR_OK) return rv;
  if (phKey == NULL || pCiphertext == NULL)
    return sr_leave_session(s, sr_refuse(CKR_ARGUMENTS_BAD, "pCiphertext or phKey is NULL"));
  if (ulCiphertextLen > 65536)
    return sr_leave_session(s, sr_refuse(CKR_MECHANISM_PARAM_INVALID, "a ciphertext has at most 65536 bytes"));
  struct sr_call call;
  sr_arena arena = {0};
  struct sr_drawn_iv iv = {0};
  sr_decapsulate_key_request request = {.session = s->id,
                                        .creation = sr_cluster_next_creation(s->cluster),
                                        .private_key = hPrivateKey,
                                        .ciphertext = {pCiphertext, ulCiphertextLen, true},
                                        .template = {.count = ulAttributeCount, .present = true}};
  sr_decapsulate_key_reply reply;
  rv = sr_key_mechanism(s, pMechanism, &arena, &request.mechanism, &iv);
  if (rv == CKR_OK) rv = sr_template_read(pTemplate, ulAttributeCount, &arena, &request.template.items);
  if (rv == CKR_OK) {
    rv = sr_exchange_decapsulate_key(s->cluster, &call, &request, &reply);
    if (rv == CKR_OK) *phKey = reply.handle;
    sr_call_end(&call);
  }
  sr_arena_free(&arena);
  return sr_leave_session(s, rv);
}
