// Key management (PKCS#11 3.2, section 5.18).
#include <string.h>

#include "api_key.h"
#include "attributes.h"
#include "exchange.h"
#include "instance.h"
#include "log.h"

CK_RV C_GenerateKey(CK_SESSION_HANDLE hSession, CK_MECHANISM_PTR pMechanism, CK_ATTRIBUTE_PTR pTemplate,
                    CK_ULONG ulCount, CK_OBJECT_HANDLE_PTR phKey) {
  struct sr_session *s;
  CK_RV rv = sr_enter_session(__func__, hSession, &s);
  if (rv != CKR_OK) return rv;
  if (phKey == NULL) return sr_leave_session(s, sr_refuse(CKR_ARGUMENTS_BAD, "phKey is NULL"));
  struct sr_call call;
  sr_arena arena = {0};
  struct sr_drawn_iv iv = {0};
  sr_generate_key_request request = {.session = s->id,
                                     .creation = sr_cluster_next_creation(s->cluster),
                                     .template = {.count = ulCount, .present = true}};
  sr_generate_key_reply reply;
  rv = sr_key_mechanism(s, pMechanism, &arena, &request.mechanism, &iv);
  if (rv == CKR_OK) rv = sr_template_read(pTemplate, ulCount, &arena, &request.template.items);
  if (rv == CKR_OK) {
    rv = sr_exchange_generate_key(s->cluster, &call, &request, &reply);
    if (rv == CKR_OK) *phKey = reply.handle;
    sr_call_end(&call);
  }
  sr_arena_free(&arena);
  return sr_leave_session(s, rv);
}

CK_RV C_GenerateKeyPair(CK_SESSION_HANDLE hSession, CK_MECHANISM_PTR pMechanism, CK_ATTRIBUTE_PTR pPublicKeyTemplate,
                        CK_ULONG ulPublicKeyAttributeCount, CK_ATTRIBUTE_PTR pPrivateKeyTemplate,
                        CK_ULONG ulPrivateKeyAttributeCount, CK_OBJECT_HANDLE_PTR phPublicKey,
                        CK_OBJECT_HANDLE_PTR phPrivateKey) {
  struct sr_session *s;
  CK_RV rv = sr_enter_session(__func__, hSession, &s);
  if (rv != CKR_OK) return rv;
  if (phPublicKey == NULL || phPrivateKey == NULL)
    return sr_leave_session(s, sr_refuse(CKR_ARGUMENTS_BAD, "phPublicKey or phPrivateKey is NULL"));
  struct sr_call call;
  sr_arena arena = {0};
  struct sr_drawn_iv iv = {0};
  sr_generate_key_pair_request request = {.session = s->id,
                                          .creation = sr_cluster_next_creation(s->cluster),
                                          .public_template = {.count = ulPublicKeyAttributeCount, .present = true},
                                          .private_template = {.count = ulPrivateKeyAttributeCount, .present = true}};
  sr_generate_key_pair_reply reply;
  rv = sr_key_mechanism(s, pMechanism, &arena, &request.mechanism, &iv);
  if (rv == CKR_OK)
    rv = sr_template_read(pPublicKeyTemplate, ulPublicKeyAttributeCount, &arena, &request.public_template.items);
  if (rv == CKR_OK)
    rv = sr_template_read(pPrivateKeyTemplate, ulPrivateKeyAttributeCount, &arena, &request.private_template.items);
  if (rv == CKR_OK) {
    rv = sr_exchange_generate_key_pair(s->cluster, &call, &request, &reply);
    if (rv == CKR_OK) {
      *phPublicKey = reply.public_handle;
      *phPrivateKey = reply.private_handle;
    }
    sr_call_end(&call);
  }
  sr_arena_free(&arena);
  return sr_leave_session(s, rv);
}

// The length of a wrapped key is known only to the HSM, so a size query wraps too and throws the result away.
CK_RV C_WrapKey(CK_SESSION_HANDLE hSession, CK_MECHANISM_PTR pMechanism, CK_OBJECT_HANDLE hWrappingKey,
                CK_OBJECT_HANDLE hKey, CK_BYTE_PTR pWrappedKey, CK_ULONG_PTR pulWrappedKeyLen) {
  struct sr_session *s;
  CK_RV rv = sr_enter_session(__func__, hSession, &s);
  if (rv != CKR_OK) return rv;
  if (pulWrappedKeyLen == NULL) return sr_leave_session(s, sr_refuse(CKR_ARGUMENTS_BAD, "pulWrappedKeyLen is NULL"));
  struct sr_call call;
  sr_arena arena = {0};
  struct sr_drawn_iv iv = {0};
  sr_wrap_key_request request = {.session = s->id, .wrapping_key = hWrappingKey, .key = hKey};
  sr_wrap_key_reply reply;
  rv = sr_key_mechanism(s, pMechanism, &arena, &request.mechanism, &iv);
  if (rv == CKR_OK) {
    rv = sr_exchange_wrap_key(s->cluster, &call, &request, &reply);
    if (rv == CKR_OK) {
      CK_ULONG room = *pulWrappedKeyLen;
      *pulWrappedKeyLen = reply.wrapped.size;
      if (pWrappedKey != NULL && room < reply.wrapped.size) {
        rv = sr_refuse(CKR_BUFFER_TOO_SMALL, "the wrapped key needs %zu bytes", reply.wrapped.size);
      } else if (pWrappedKey != NULL) {
        memcpy(pWrappedKey, reply.wrapped.data, reply.wrapped.size);
        if (reply.iv.present && iv.at != NULL && reply.iv.size <= iv.size) memcpy(iv.at, reply.iv.data, reply.iv.size);
      }
    }
    sr_call_end(&call);
  }
  sr_arena_free(&arena);
  return sr_leave_session(s, rv);
}

CK_RV C_UnwrapKey(CK_SESSION_HANDLE hSession, CK_MECHANISM_PTR pMechanism, CK_OBJECT_HANDLE hUnwrappingKey,
                  CK_BYTE_PTR pWrappedKey, CK_ULONG ulWrappedKeyLen, CK_ATTRIBUTE_PTR pTemplate,
                  CK_ULONG ulAttributeCount, CK_OBJECT_HANDLE_PTR phKey) {
  struct sr_session *s;
  CK_RV rv = sr_enter_session(__func__, hSession, &s);
  if (rv != CKR_OK) return rv;
  if (phKey == NULL || pWrappedKey == NULL)
    return sr_leave_session(s, sr_refuse(CKR_ARGUMENTS_BAD, "pWrappedKey or phKey is NULL"));
  if (ulWrappedKeyLen > 65536)
    return sr_leave_session(s, sr_refuse(CKR_WRAPPED_KEY_LEN_RANGE, "a wrapped key has at most 65536 bytes"));
  struct sr_call call;
  sr_arena arena = {0};
  struct sr_drawn_iv iv = {0};
  sr_unwrap_key_request request = {.session = s->id,
                                   .creation = sr_cluster_next_creation(s->cluster),
                                   .unwrapping_key = hUnwrappingKey,
                                   .wrapped = {pWrappedKey, ulWrappedKeyLen, true},
                                   .template = {.count = ulAttributeCount, .present = true}};
  sr_unwrap_key_reply reply;
  rv = sr_key_mechanism(s, pMechanism, &arena, &request.mechanism, &iv);
  if (rv == CKR_OK) rv = sr_template_read(pTemplate, ulAttributeCount, &arena, &request.template.items);
  if (rv == CKR_OK) {
    rv = sr_exchange_unwrap_key(s->cluster, &call, &request, &reply);
    if (rv == CKR_OK) *phKey = reply.handle;
    sr_call_end(&call);
  }
  sr_arena_free(&arena);
  return sr_leave_session(s, rv);
}

// Mechanisms that yield their keys through the parameter are not offered, so phKey is needed.
CK_RV C_DeriveKey(CK_SESSION_HANDLE hSession, CK_MECHANISM_PTR pMechanism, CK_OBJECT_HANDLE hBaseKey,
                  CK_ATTRIBUTE_PTR pTemplate, CK_ULONG ulAttributeCount, CK_OBJECT_HANDLE_PTR phKey) {
  struct sr_session *s;
  CK_RV rv = sr_enter_session(__func__, hSession, &s);
  if (rv != CKR_OK) return rv;
  if (phKey == NULL) return sr_leave_session(s, sr_refuse(CKR_ARGUMENTS_BAD, "phKey is NULL"));
  struct sr_call call;
  sr_arena arena = {0};
  struct sr_drawn_iv iv = {0};
  sr_derive_key_request request = {.session = s->id,
                                   .creation = sr_cluster_next_creation(s->cluster),
                                   .base_key = hBaseKey,
                                   .template = {.count = ulAttributeCount, .present = true}};
  sr_derive_key_reply reply;
  rv = sr_key_mechanism(s, pMechanism, &arena, &request.mechanism, &iv);
  if (rv == CKR_OK) rv = sr_template_read(pTemplate, ulAttributeCount, &arena, &request.template.items);
  if (rv == CKR_OK) {
    rv = sr_exchange_derive_key(s->cluster, &call, &request, &reply);
    if (rv == CKR_OK) *phKey = reply.handle;
    sr_call_end(&call);
  }
  sr_arena_free(&arena);
  return sr_leave_session(s, rv);
}
