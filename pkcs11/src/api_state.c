// What a session can be asked about its operations (PKCS#11 3.2, sections 5.6.5, 5.6.6 and 5.6.12).
#include "instance.h"
#include "log.h"

static bool has_operation(const struct sr_session *s) {
  bool any = s->find.active;
  for (unsigned i = 0; i < SR_OPERATIONS; i++) any |= s->operations[i].phase != SR_IDLE;
  return any;
}

// An operation's state is the HSM's, and a digest's may hold a key that was digested: it does not leave.
CK_RV C_GetOperationState(CK_SESSION_HANDLE hSession, CK_BYTE_PTR pOperationState, CK_ULONG_PTR pulOperationStateLen) {
  (void)pOperationState;
  struct sr_session *s;
  CK_RV rv = sr_enter_session(__func__, hSession, &s);
  if (rv != CKR_OK) return rv;
  if (pulOperationStateLen == NULL) rv = sr_refuse(CKR_ARGUMENTS_BAD, "pulOperationStateLen is NULL");
  else if (!has_operation(s)) rv = sr_refuse(CKR_OPERATION_NOT_INITIALIZED, "the session has no operation");
  else rv = sr_refuse(CKR_STATE_UNSAVEABLE, "the operation's state is in the HSM and does not leave it");
  return sr_leave_session(s, rv);
}

// Whatever is given was saved by something else.
CK_RV C_SetOperationState(CK_SESSION_HANDLE hSession, CK_BYTE_PTR pOperationState, CK_ULONG ulOperationStateLen,
                          CK_OBJECT_HANDLE hEncryptionKey, CK_OBJECT_HANDLE hAuthenticationKey) {
  (void)ulOperationStateLen, (void)hEncryptionKey, (void)hAuthenticationKey;
  struct sr_session *s;
  CK_RV rv = sr_enter_session(__func__, hSession, &s);
  if (rv != CKR_OK) return rv;
  rv = pOperationState == NULL
           ? sr_refuse(CKR_ARGUMENTS_BAD, "pOperationState is NULL")
           : sr_refuse(CKR_SAVED_STATE_INVALID, "this token saves no states, so this is none of its");
  return sr_leave_session(s, rv);
}

// No validation of this module is claimed: no flag is ever set.
CK_RV C_GetSessionValidationFlags(CK_SESSION_HANDLE hSession, CK_SESSION_VALIDATION_FLAGS_TYPE type,
                                  CK_FLAGS_PTR pFlags) {
  struct sr_session *s;
  CK_RV rv = sr_enter_session(__func__, hSession, &s);
  if (rv != CKR_OK) return rv;
  if (pFlags == NULL) rv = sr_refuse(CKR_ARGUMENTS_BAD, "pFlags is NULL");
  else if (type != CKS_LAST_VALIDATION_OK) rv = sr_refuse(CKR_ARGUMENTS_BAD, "unknown type of flags %lu", type);
  else *pFlags = 0;
  return sr_leave_session(s, rv);
}
