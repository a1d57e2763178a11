// Verification of a signature that is known before its data (PKCS#11 3.2, section 5.15).
#include <string.h>

#include "instance.h"
#include "log.h"

enum { LONGEST = 65536 };

static CK_RV keep(struct sr_session *s, const CK_BYTE *signature, CK_ULONG size) {
  struct sr_operation *o = &s->operations[SR_USE_VERIFY];
  uint8_t *memory = sr_arena_take(&o->arena, size == 0 ? 1 : size);
  if (memory == NULL) {
    sr_operation_cancel(s, SR_USE_VERIFY);
    return sr_refuse(CKR_HOST_MEMORY, "out of memory");
  }
  memcpy(memory, signature, size);
  o->signature = (sr_bytes){memory, size, true};
  return CKR_OK;
}

CK_RV C_VerifySignatureInit(CK_SESSION_HANDLE hSession, CK_MECHANISM_PTR pMechanism, CK_OBJECT_HANDLE hKey,
                            CK_BYTE_PTR pSignature, CK_ULONG ulSignatureLen) {
  struct sr_session *s;
  CK_RV rv = sr_enter_session(__func__, hSession, &s);
  if (rv != CKR_OK) return rv;
  if (pMechanism != NULL && pSignature == NULL) rv = sr_refuse(CKR_ARGUMENTS_BAD, "pSignature is NULL");
  else if (pMechanism != NULL && ulSignatureLen > LONGEST)
    rv = sr_refuse(CKR_SIGNATURE_LEN_RANGE, "no signature has more than %d bytes", LONGEST);
  else rv = sr_operation_start(s, SR_USE_VERIFY, SR_SIGNATURE_FIRST, pMechanism, hKey);
  if (rv == CKR_OK && pMechanism != NULL) rv = keep(s, pSignature, ulSignatureLen);
  return sr_leave_session(s, rv);
}

enum step { WHOLE, PART, LAST };

static CK_RV go_on(const char *function, CK_SESSION_HANDLE handle, enum step step, CK_BYTE_PTR data, CK_ULONG size) {
  struct sr_session *s;
  CK_RV rv = sr_enter_session(function, handle, &s);
  if (rv != CKR_OK) return rv;
  struct sr_operation *o = &s->operations[SR_USE_VERIFY];
  rv = sr_operation_enter(s, SR_USE_VERIFY, SR_SIGNATURE_FIRST);
  if (rv == CKR_OK) {
    CK_BYTE_PTR signature = (CK_BYTE_PTR)o->signature.data;
    CK_ULONG signature_size = o->signature.size;
    rv = step == WHOLE  ? sr_operation_verify(s, data, size, signature, signature_size)
         : step == PART ? sr_operation_absorb(s, SR_USE_VERIFY, data, size)
                        : sr_operation_verify_final(s, signature, signature_size);
    o->caller = SR_PLAIN;
  }
  return sr_leave_session(s, rv);
}

CK_RV C_VerifySignature(CK_SESSION_HANDLE hSession, CK_BYTE_PTR pData, CK_ULONG ulDataLen) {
  return go_on(__func__, hSession, WHOLE, pData, ulDataLen);
}

CK_RV C_VerifySignatureUpdate(CK_SESSION_HANDLE hSession, CK_BYTE_PTR pPart, CK_ULONG ulPartLen) {
  return go_on(__func__, hSession, PART, pPart, ulPartLen);
}

CK_RV C_VerifySignatureFinal(CK_SESSION_HANDLE hSession) { return go_on(__func__, hSession, LAST, NULL, 0); }
