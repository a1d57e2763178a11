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
    rv = pMechanism->mechanism == CKM_PKCS5_PBKD2
             ? sr_exchange_generate_key_from_password(s->cluster, &call, &request, &reply)
             : sr_exchange_generate_key(s->cluster, &call, &request, &reply);
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

// The data that C_…WrapKeyAuthenticated binds to the wrapped key, in the place of the parameter's own.
static CK_RV add_data(const sr_mechanism_info *info, CK_BYTE_PTR aad, CK_ULONG aad_size, sr_mechanism *mechanism) {
  if (info->shape != SR_SHAPE_GCM)
    return sr_refuse(CKR_MECHANISM_INVALID, "mechanism 0x%lx does not authenticate data beside the key",
                     (CK_ULONG)mechanism->number);
  if (mechanism->aad.present && mechanism->aad.size > 0)
    return sr_refuse(CKR_MECHANISM_PARAM_INVALID, "associated data is in the parameter: it belongs into the call");
  if (aad == NULL && aad_size > 0) return sr_refuse(CKR_ARGUMENTS_BAD, "pAssociatedData is NULL");
  if (aad_size > SR_LIMIT_DATA)
    return sr_refuse(CKR_ARGUMENTS_BAD, "associated data has at most %u bytes", SR_LIMIT_DATA);
  if (aad_size > 0) mechanism->aad = (sr_bytes){aad, aad_size, true};
  return CKR_OK;
}

struct authenticated {
  CK_BYTE_PTR aad;
  CK_ULONG aad_size;
};

static CK_RV read_wrapping(struct sr_session *s, CK_MECHANISM_PTR from, const struct authenticated *data,
                           sr_arena *arena, sr_mechanism *to, struct sr_drawn_iv *iv) {
  CK_RV rv = sr_key_mechanism(s, from, arena, to, iv);
  if (rv != CKR_OK || data == NULL) return rv;
  sr_mechanism_info info;
  rv = sr_cluster_mechanism(s->cluster, from->mechanism, &info);
  return rv == CKR_OK ? add_data(&info, data->aad, data->aad_size, to) : rv;
}

// The length of a wrapped key is known only to the HSM, so a size query wraps too and throws the result away.
static CK_RV wrap(struct sr_session *s, CK_MECHANISM_PTR mechanism, CK_OBJECT_HANDLE wrapping_key, CK_OBJECT_HANDLE key,
                  const struct authenticated *data, CK_BYTE_PTR out, CK_ULONG_PTR out_size) {
  if (out_size == NULL) return sr_refuse(CKR_ARGUMENTS_BAD, "pulWrappedKeyLen is NULL");
  struct sr_call call;
  sr_arena arena = {0};
  struct sr_drawn_iv iv = {0};
  sr_wrap_key_request request = {.session = s->id, .wrapping_key = wrapping_key, .key = key};
  sr_wrap_key_reply reply;
  CK_RV rv = read_wrapping(s, mechanism, data, &arena, &request.mechanism, &iv);
  if (rv == CKR_OK) {
    rv = sr_exchange_wrap_key(s->cluster, &call, &request, &reply);
    if (rv == CKR_OK) {
      CK_ULONG room = *out_size;
      *out_size = reply.wrapped.size;
      if (out != NULL && room < reply.wrapped.size) {
        rv = sr_refuse(CKR_BUFFER_TOO_SMALL, "the wrapped key needs %zu bytes", reply.wrapped.size);
      } else if (out != NULL) {
        memcpy(out, reply.wrapped.data, reply.wrapped.size);
        if (reply.iv.present && iv.at != NULL && reply.iv.size <= iv.size) memcpy(iv.at, reply.iv.data, reply.iv.size);
      }
    }
    sr_call_end(&call);
  }
  sr_arena_free(&arena);
  return rv;
}

CK_RV C_WrapKey(CK_SESSION_HANDLE hSession, CK_MECHANISM_PTR pMechanism, CK_OBJECT_HANDLE hWrappingKey,
                CK_OBJECT_HANDLE hKey, CK_BYTE_PTR pWrappedKey, CK_ULONG_PTR pulWrappedKeyLen) {
  struct sr_session *s;
  CK_RV rv = sr_enter_session(__func__, hSession, &s);
  if (rv != CKR_OK) return rv;
  return sr_leave_session(s, wrap(s, pMechanism, hWrappingKey, hKey, NULL, pWrappedKey, pulWrappedKeyLen));
}

// 3.2, 5.18.6: the tag follows the wrapped key, as with C_WrapKey.
CK_RV C_WrapKeyAuthenticated(CK_SESSION_HANDLE hSession, CK_MECHANISM_PTR pMechanism, CK_OBJECT_HANDLE hWrappingKey,
                             CK_OBJECT_HANDLE hKey, CK_BYTE_PTR pAssociatedData, CK_ULONG ulAssociatedDataLen,
                             CK_BYTE_PTR pWrappedKey, CK_ULONG_PTR pulWrappedKeyLen) {
  struct sr_session *s;
  CK_RV rv = sr_enter_session(__func__, hSession, &s);
  if (rv != CKR_OK) return rv;
  struct authenticated data = {pAssociatedData, ulAssociatedDataLen};
  return sr_leave_session(s, wrap(s, pMechanism, hWrappingKey, hKey, &data, pWrappedKey, pulWrappedKeyLen));
}

static CK_RV unwrap(struct sr_session *s, CK_MECHANISM_PTR mechanism, CK_OBJECT_HANDLE unwrapping_key,
                    const sr_bytes *wrapped, const struct authenticated *data, CK_ATTRIBUTE_PTR template,
                    CK_ULONG count, CK_OBJECT_HANDLE_PTR key) {
  if (key == NULL || wrapped->data == NULL) return sr_refuse(CKR_ARGUMENTS_BAD, "pWrappedKey or phKey is NULL");
  if (wrapped->size > 65536) return sr_refuse(CKR_WRAPPED_KEY_LEN_RANGE, "a wrapped key has at most 65536 bytes");
  struct sr_call call;
  sr_arena arena = {0};
  struct sr_drawn_iv iv = {0};
  sr_unwrap_key_request request = {.session = s->id,
                                   .creation = sr_cluster_next_creation(s->cluster),
                                   .unwrapping_key = unwrapping_key,
                                   .wrapped = *wrapped,
                                   .template = {.count = count, .present = true}};
  sr_unwrap_key_reply reply;
  CK_RV rv = read_wrapping(s, mechanism, data, &arena, &request.mechanism, &iv);
  if (rv == CKR_OK) rv = sr_template_read(template, count, &arena, &request.template.items);
  if (rv == CKR_OK) {
    rv = sr_exchange_unwrap_key(s->cluster, &call, &request, &reply);
    if (rv == CKR_OK) *key = reply.handle;
    sr_call_end(&call);
  }
  sr_arena_free(&arena);
  return rv;
}

CK_RV C_UnwrapKey(CK_SESSION_HANDLE hSession, CK_MECHANISM_PTR pMechanism, CK_OBJECT_HANDLE hUnwrappingKey,
                  CK_BYTE_PTR pWrappedKey, CK_ULONG ulWrappedKeyLen, CK_ATTRIBUTE_PTR pTemplate,
                  CK_ULONG ulAttributeCount, CK_OBJECT_HANDLE_PTR phKey) {
  struct sr_session *s;
  CK_RV rv = sr_enter_session(__func__, hSession, &s);
  if (rv != CKR_OK) return rv;
  sr_bytes wrapped = {pWrappedKey, ulWrappedKeyLen, true};
  return sr_leave_session(s, unwrap(s, pMechanism, hUnwrappingKey, &wrapped, NULL, pTemplate, ulAttributeCount, phKey));
}

CK_RV C_UnwrapKeyAuthenticated(CK_SESSION_HANDLE hSession, CK_MECHANISM_PTR pMechanism, CK_OBJECT_HANDLE hUnwrappingKey,
                               CK_BYTE_PTR pWrappedKey, CK_ULONG ulWrappedKeyLen, CK_ATTRIBUTE_PTR pTemplate,
                               CK_ULONG ulAttributeCount, CK_BYTE_PTR pAssociatedData, CK_ULONG ulAssociatedDataLen,
                               CK_OBJECT_HANDLE_PTR phKey) {
  struct sr_session *s;
  CK_RV rv = sr_enter_session(__func__, hSession, &s);
  if (rv != CKR_OK) return rv;
  sr_bytes wrapped = {pWrappedKey, ulWrappedKeyLen, true};
  struct authenticated data = {pAssociatedData, ulAssociatedDataLen};
  return sr_leave_session(s,
                          unwrap(s, pMechanism, hUnwrappingKey, &wrapped, &data, pTemplate, ulAttributeCount, phKey));
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
