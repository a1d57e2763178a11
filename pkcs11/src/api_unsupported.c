// Functions that are there because every list has them, and that this token does not offer (PKCS#11 3.2, section 5:
// "CKR_FUNCTION_NOT_SUPPORTED"). The session is looked at all the same, so that a wrong handle is called that.
#include "instance.h"
#include "log.h"

static CK_RV refuse(const char *function, CK_SESSION_HANDLE handle, CK_RV rv, const char *cause) {
  struct sr_session *s;
  CK_RV entered = sr_enter_session(function, handle, &s);
  return entered != CKR_OK ? entered : sr_leave_session(s, sr_refuse(rv, "%s", cause));
}

#define UNUSED_8(a, b, c, d, e, f, g, h) \
  (void)(a), (void)(b), (void)(c), (void)(d), (void)(e), (void)(f), (void)(g), (void)(h)
#define UNUSED_6(a, b, c, d, e, f) UNUSED_8(a, b, c, d, e, f, 0, 0)
#define UNUSED_4(a, b, c, d) UNUSED_8(a, b, c, d, 0, 0, 0, 0)
#define UNUSED_2(a, b) UNUSED_8(a, b, 0, 0, 0, 0, 0, 0)

#define NOT_SUPPORTED(cause) return refuse(__func__, hSession, CKR_FUNCTION_NOT_SUPPORTED, cause)

static const char states[] = "an operation's state lives in the HSM and can't be saved";
static const char dual[] = "two operations at once are not offered: use one after the other";
static const char messages[] = "the message-based functions are not offered";
static const char asynchronous[] = "asynchronous sessions are not offered";

// Legacy functions of 1.0 (5.22): every token answers so.
CK_RV C_GetFunctionStatus(CK_SESSION_HANDLE hSession) {
  return refuse(__func__, hSession, CKR_FUNCTION_NOT_PARALLEL, "functions do not run in parallel with the application");
}

CK_RV C_CancelFunction(CK_SESSION_HANDLE hSession) {
  return refuse(__func__, hSession, CKR_FUNCTION_NOT_PARALLEL, "functions do not run in parallel with the application");
}

CK_RV C_GetOperationState(CK_SESSION_HANDLE hSession, CK_BYTE_PTR pOperationState, CK_ULONG_PTR pulOperationStateLen) {
  UNUSED_2(pOperationState, pulOperationStateLen);
  NOT_SUPPORTED(states);
}

CK_RV C_SetOperationState(CK_SESSION_HANDLE hSession, CK_BYTE_PTR pOperationState, CK_ULONG ulOperationStateLen,
                          CK_OBJECT_HANDLE hEncryptionKey, CK_OBJECT_HANDLE hAuthenticationKey) {
  UNUSED_4(pOperationState, ulOperationStateLen, hEncryptionKey, hAuthenticationKey);
  NOT_SUPPORTED(states);
}

CK_RV C_DigestEncryptUpdate(CK_SESSION_HANDLE hSession, CK_BYTE_PTR pPart, CK_ULONG ulPartLen,
                            CK_BYTE_PTR pEncryptedPart, CK_ULONG_PTR pulEncryptedPartLen) {
  UNUSED_4(pPart, ulPartLen, pEncryptedPart, pulEncryptedPartLen);
  NOT_SUPPORTED(dual);
}

CK_RV C_DecryptDigestUpdate(CK_SESSION_HANDLE hSession, CK_BYTE_PTR pEncryptedPart, CK_ULONG ulEncryptedPartLen,
                            CK_BYTE_PTR pPart, CK_ULONG_PTR pulPartLen) {
  UNUSED_4(pEncryptedPart, ulEncryptedPartLen, pPart, pulPartLen);
  NOT_SUPPORTED(dual);
}

CK_RV C_SignEncryptUpdate(CK_SESSION_HANDLE hSession, CK_BYTE_PTR pPart, CK_ULONG ulPartLen, CK_BYTE_PTR pEncryptedPart,
                          CK_ULONG_PTR pulEncryptedPartLen) {
  UNUSED_4(pPart, ulPartLen, pEncryptedPart, pulEncryptedPartLen);
  NOT_SUPPORTED(dual);
}

CK_RV C_DecryptVerifyUpdate(CK_SESSION_HANDLE hSession, CK_BYTE_PTR pEncryptedPart, CK_ULONG ulEncryptedPartLen,
                            CK_BYTE_PTR pPart, CK_ULONG_PTR pulPartLen) {
  UNUSED_4(pEncryptedPart, ulEncryptedPartLen, pPart, pulPartLen);
  NOT_SUPPORTED(dual);
}

CK_RV C_MessageEncryptInit(CK_SESSION_HANDLE hSession, CK_MECHANISM_PTR pMechanism, CK_OBJECT_HANDLE hKey) {
  UNUSED_2(pMechanism, hKey);
  NOT_SUPPORTED(messages);
}

CK_RV C_EncryptMessage(CK_SESSION_HANDLE hSession, CK_VOID_PTR pParameter, CK_ULONG ulParameterLen,
                       CK_BYTE_PTR pAssociatedData, CK_ULONG ulAssociatedDataLen, CK_BYTE_PTR pPlaintext,
                       CK_ULONG ulPlaintextLen, CK_BYTE_PTR pCiphertext, CK_ULONG_PTR pulCiphertextLen) {
  UNUSED_8(pParameter, ulParameterLen, pAssociatedData, ulAssociatedDataLen, pPlaintext, ulPlaintextLen, pCiphertext,
           pulCiphertextLen);
  NOT_SUPPORTED(messages);
}

CK_RV C_EncryptMessageBegin(CK_SESSION_HANDLE hSession, CK_VOID_PTR pParameter, CK_ULONG ulParameterLen,
                            CK_BYTE_PTR pAssociatedData, CK_ULONG ulAssociatedDataLen) {
  UNUSED_4(pParameter, ulParameterLen, pAssociatedData, ulAssociatedDataLen);
  NOT_SUPPORTED(messages);
}

CK_RV C_EncryptMessageNext(CK_SESSION_HANDLE hSession, CK_VOID_PTR pParameter, CK_ULONG ulParameterLen,
                           CK_BYTE_PTR pPlaintextPart, CK_ULONG ulPlaintextPartLen, CK_BYTE_PTR pCiphertextPart,
                           CK_ULONG_PTR pulCiphertextPartLen, CK_FLAGS flags) {
  UNUSED_8(pParameter, ulParameterLen, pPlaintextPart, ulPlaintextPartLen, pCiphertextPart, pulCiphertextPartLen, flags,
           0);
  NOT_SUPPORTED(messages);
}

CK_RV C_MessageEncryptFinal(CK_SESSION_HANDLE hSession) { NOT_SUPPORTED(messages); }

CK_RV C_MessageDecryptInit(CK_SESSION_HANDLE hSession, CK_MECHANISM_PTR pMechanism, CK_OBJECT_HANDLE hKey) {
  UNUSED_2(pMechanism, hKey);
  NOT_SUPPORTED(messages);
}

CK_RV C_DecryptMessage(CK_SESSION_HANDLE hSession, CK_VOID_PTR pParameter, CK_ULONG ulParameterLen,
                       CK_BYTE_PTR pAssociatedData, CK_ULONG ulAssociatedDataLen, CK_BYTE_PTR pCiphertext,
                       CK_ULONG ulCiphertextLen, CK_BYTE_PTR pPlaintext, CK_ULONG_PTR pulPlaintextLen) {
  UNUSED_8(pParameter, ulParameterLen, pAssociatedData, ulAssociatedDataLen, pCiphertext, ulCiphertextLen, pPlaintext,
           pulPlaintextLen);
  NOT_SUPPORTED(messages);
}

CK_RV C_DecryptMessageBegin(CK_SESSION_HANDLE hSession, CK_VOID_PTR pParameter, CK_ULONG ulParameterLen,
                            CK_BYTE_PTR pAssociatedData, CK_ULONG ulAssociatedDataLen) {
  UNUSED_4(pParameter, ulParameterLen, pAssociatedData, ulAssociatedDataLen);
  NOT_SUPPORTED(messages);
}

CK_RV C_DecryptMessageNext(CK_SESSION_HANDLE hSession, CK_VOID_PTR pParameter, CK_ULONG ulParameterLen,
                           CK_BYTE_PTR pCiphertextPart, CK_ULONG ulCiphertextPartLen, CK_BYTE_PTR pPlaintextPart,
                           CK_ULONG_PTR pulPlaintextPartLen, CK_FLAGS flags) {
  UNUSED_8(pParameter, ulParameterLen, pCiphertextPart, ulCiphertextPartLen, pPlaintextPart, pulPlaintextPartLen, flags,
           0);
  NOT_SUPPORTED(messages);
}

CK_RV C_MessageDecryptFinal(CK_SESSION_HANDLE hSession) { NOT_SUPPORTED(messages); }

CK_RV C_MessageSignInit(CK_SESSION_HANDLE hSession, CK_MECHANISM_PTR pMechanism, CK_OBJECT_HANDLE hKey) {
  UNUSED_2(pMechanism, hKey);
  NOT_SUPPORTED(messages);
}

CK_RV C_SignMessage(CK_SESSION_HANDLE hSession, CK_VOID_PTR pParameter, CK_ULONG ulParameterLen, CK_BYTE_PTR pData,
                    CK_ULONG ulDataLen, CK_BYTE_PTR pSignature, CK_ULONG_PTR pulSignatureLen) {
  UNUSED_6(pParameter, ulParameterLen, pData, ulDataLen, pSignature, pulSignatureLen);
  NOT_SUPPORTED(messages);
}

CK_RV C_SignMessageBegin(CK_SESSION_HANDLE hSession, CK_VOID_PTR pParameter, CK_ULONG ulParameterLen) {
  UNUSED_2(pParameter, ulParameterLen);
  NOT_SUPPORTED(messages);
}

CK_RV C_SignMessageNext(CK_SESSION_HANDLE hSession, CK_VOID_PTR pParameter, CK_ULONG ulParameterLen, CK_BYTE_PTR pData,
                        CK_ULONG ulDataLen, CK_BYTE_PTR pSignature, CK_ULONG_PTR pulSignatureLen) {
  UNUSED_6(pParameter, ulParameterLen, pData, ulDataLen, pSignature, pulSignatureLen);
  NOT_SUPPORTED(messages);
}

CK_RV C_MessageSignFinal(CK_SESSION_HANDLE hSession) { NOT_SUPPORTED(messages); }

CK_RV C_MessageVerifyInit(CK_SESSION_HANDLE hSession, CK_MECHANISM_PTR pMechanism, CK_OBJECT_HANDLE hKey) {
  UNUSED_2(pMechanism, hKey);
  NOT_SUPPORTED(messages);
}

CK_RV C_VerifyMessage(CK_SESSION_HANDLE hSession, CK_VOID_PTR pParameter, CK_ULONG ulParameterLen, CK_BYTE_PTR pData,
                      CK_ULONG ulDataLen, CK_BYTE_PTR pSignature, CK_ULONG ulSignatureLen) {
  UNUSED_6(pParameter, ulParameterLen, pData, ulDataLen, pSignature, ulSignatureLen);
  NOT_SUPPORTED(messages);
}

CK_RV C_VerifyMessageBegin(CK_SESSION_HANDLE hSession, CK_VOID_PTR pParameter, CK_ULONG ulParameterLen) {
  UNUSED_2(pParameter, ulParameterLen);
  NOT_SUPPORTED(messages);
}

CK_RV C_VerifyMessageNext(CK_SESSION_HANDLE hSession, CK_VOID_PTR pParameter, CK_ULONG ulParameterLen,
                          CK_BYTE_PTR pData, CK_ULONG ulDataLen, CK_BYTE_PTR pSignature, CK_ULONG ulSignatureLen) {
  UNUSED_6(pParameter, ulParameterLen, pData, ulDataLen, pSignature, ulSignatureLen);
  NOT_SUPPORTED(messages);
}

CK_RV C_MessageVerifyFinal(CK_SESSION_HANDLE hSession) { NOT_SUPPORTED(messages); }

CK_RV C_VerifySignatureInit(CK_SESSION_HANDLE hSession, CK_MECHANISM_PTR pMechanism, CK_OBJECT_HANDLE hKey,
                            CK_BYTE_PTR pSignature, CK_ULONG ulSignatureLen) {
  UNUSED_4(pMechanism, hKey, pSignature, ulSignatureLen);
  NOT_SUPPORTED("the functions that take the signature first are not offered: use C_Verify");
}

CK_RV C_VerifySignature(CK_SESSION_HANDLE hSession, CK_BYTE_PTR pData, CK_ULONG ulDataLen) {
  UNUSED_2(pData, ulDataLen);
  NOT_SUPPORTED("the functions that take the signature first are not offered: use C_Verify");
}

CK_RV C_VerifySignatureUpdate(CK_SESSION_HANDLE hSession, CK_BYTE_PTR pPart, CK_ULONG ulPartLen) {
  UNUSED_2(pPart, ulPartLen);
  NOT_SUPPORTED("the functions that take the signature first are not offered: use C_Verify");
}

CK_RV C_VerifySignatureFinal(CK_SESSION_HANDLE hSession) {
  NOT_SUPPORTED("the functions that take the signature first are not offered: use C_Verify");
}

CK_RV C_GetSessionValidationFlags(CK_SESSION_HANDLE hSession, CK_SESSION_VALIDATION_FLAGS_TYPE type,
                                  CK_FLAGS_PTR pFlags) {
  UNUSED_2(type, pFlags);
  NOT_SUPPORTED("there are no validation objects");
}

CK_RV C_AsyncComplete(CK_SESSION_HANDLE hSession, CK_UTF8CHAR_PTR pFunctionName, CK_ASYNC_DATA_PTR pResult) {
  UNUSED_2(pFunctionName, pResult);
  NOT_SUPPORTED(asynchronous);
}

CK_RV C_AsyncGetID(CK_SESSION_HANDLE hSession, CK_UTF8CHAR_PTR pFunctionName, CK_ULONG_PTR pulID) {
  UNUSED_2(pFunctionName, pulID);
  NOT_SUPPORTED(asynchronous);
}

CK_RV C_AsyncJoin(CK_SESSION_HANDLE hSession, CK_UTF8CHAR_PTR pFunctionName, CK_ULONG ulID, CK_BYTE_PTR pData,
                  CK_ULONG ulData) {
  UNUSED_4(pFunctionName, ulID, pData, ulData);
  NOT_SUPPORTED(asynchronous);
}

CK_RV C_WrapKeyAuthenticated(CK_SESSION_HANDLE hSession, CK_MECHANISM_PTR pMechanism, CK_OBJECT_HANDLE hWrappingKey,
                             CK_OBJECT_HANDLE hKey, CK_BYTE_PTR pAssociatedData, CK_ULONG ulAssociatedDataLen,
                             CK_BYTE_PTR pWrappedKey, CK_ULONG_PTR pulWrappedKeyLen) {
  UNUSED_8(pMechanism, hWrappingKey, hKey, pAssociatedData, ulAssociatedDataLen, pWrappedKey, pulWrappedKeyLen, 0);
  NOT_SUPPORTED("authenticated wrapping is done by C_WrapKey with CKM_AES_GCM");
}

CK_RV C_UnwrapKeyAuthenticated(CK_SESSION_HANDLE hSession, CK_MECHANISM_PTR pMechanism, CK_OBJECT_HANDLE hUnwrappingKey,
                               CK_BYTE_PTR pWrappedKey, CK_ULONG ulWrappedKeyLen, CK_ATTRIBUTE_PTR pTemplate,
                               CK_ULONG ulAttributeCount, CK_BYTE_PTR pAssociatedData, CK_ULONG ulAssociatedDataLen,
                               CK_OBJECT_HANDLE_PTR phKey) {
  UNUSED_8(pMechanism, hUnwrappingKey, pWrappedKey, ulWrappedKeyLen, pTemplate, ulAttributeCount, pAssociatedData,
           ulAssociatedDataLen);
  UNUSED_2(phKey, 0);
  NOT_SUPPORTED("authenticated unwrapping is done by C_UnwrapKey with CKM_AES_GCM");
}
