// Message-based functions (PKCS#11 3.2, sections 5.9, 5.11, 5.14 and 5.16). What happens is in message.c.
#include "message.h"
#include "session.h"

#define CALL(parameter, parameter_size, aad, aad_size) \
  (&(struct sr_message_call){parameter, parameter_size, aad, aad_size})

// Finds the session, does the step, leaves.
#define IN_SESSION(step)                               \
  struct sr_session *s;                                \
  CK_RV rv = sr_enter_session(__func__, hSession, &s); \
  return rv != CKR_OK ? rv : sr_leave_session(s, step)

CK_RV C_MessageEncryptInit(CK_SESSION_HANDLE hSession, CK_MECHANISM_PTR pMechanism, CK_OBJECT_HANDLE hKey) {
  IN_SESSION(sr_operation_start(s, SR_USE_ENCRYPT, SR_MESSAGES, pMechanism, hKey));
}

CK_RV C_EncryptMessage(CK_SESSION_HANDLE hSession, CK_VOID_PTR pParameter, CK_ULONG ulParameterLen,
                       CK_BYTE_PTR pAssociatedData, CK_ULONG ulAssociatedDataLen, CK_BYTE_PTR pPlaintext,
                       CK_ULONG ulPlaintextLen, CK_BYTE_PTR pCiphertext, CK_ULONG_PTR pulCiphertextLen) {
  IN_SESSION(sr_message_crypt(s, SR_USE_ENCRYPT, CALL(pParameter, ulParameterLen, pAssociatedData, ulAssociatedDataLen),
                              pPlaintext, ulPlaintextLen, pCiphertext, pulCiphertextLen));
}

CK_RV C_EncryptMessageBegin(CK_SESSION_HANDLE hSession, CK_VOID_PTR pParameter, CK_ULONG ulParameterLen,
                            CK_BYTE_PTR pAssociatedData, CK_ULONG ulAssociatedDataLen) {
  IN_SESSION(sr_message_crypt_begin(s, SR_USE_ENCRYPT,
                                    CALL(pParameter, ulParameterLen, pAssociatedData, ulAssociatedDataLen)));
}

CK_RV C_EncryptMessageNext(CK_SESSION_HANDLE hSession, CK_VOID_PTR pParameter, CK_ULONG ulParameterLen,
                           CK_BYTE_PTR pPlaintextPart, CK_ULONG ulPlaintextPartLen, CK_BYTE_PTR pCiphertextPart,
                           CK_ULONG_PTR pulCiphertextPartLen, CK_FLAGS flags) {
  IN_SESSION(sr_message_crypt_next(s, SR_USE_ENCRYPT, CALL(pParameter, ulParameterLen, NULL, 0), pPlaintextPart,
                                   ulPlaintextPartLen, pCiphertextPart, pulCiphertextPartLen,
                                   (flags & CKF_END_OF_MESSAGE) != 0));
}

CK_RV C_MessageEncryptFinal(CK_SESSION_HANDLE hSession) { IN_SESSION(sr_message_final(s, SR_USE_ENCRYPT)); }

CK_RV C_MessageDecryptInit(CK_SESSION_HANDLE hSession, CK_MECHANISM_PTR pMechanism, CK_OBJECT_HANDLE hKey) {
  IN_SESSION(sr_operation_start(s, SR_USE_DECRYPT, SR_MESSAGES, pMechanism, hKey));
}

CK_RV C_DecryptMessage(CK_SESSION_HANDLE hSession, CK_VOID_PTR pParameter, CK_ULONG ulParameterLen,
                       CK_BYTE_PTR pAssociatedData, CK_ULONG ulAssociatedDataLen, CK_BYTE_PTR pCiphertext,
                       CK_ULONG ulCiphertextLen, CK_BYTE_PTR pPlaintext, CK_ULONG_PTR pulPlaintextLen) {
  IN_SESSION(sr_message_crypt(s, SR_USE_DECRYPT, CALL(pParameter, ulParameterLen, pAssociatedData, ulAssociatedDataLen),
                              pCiphertext, ulCiphertextLen, pPlaintext, pulPlaintextLen));
}

CK_RV C_DecryptMessageBegin(CK_SESSION_HANDLE hSession, CK_VOID_PTR pParameter, CK_ULONG ulParameterLen,
                            CK_BYTE_PTR pAssociatedData, CK_ULONG ulAssociatedDataLen) {
  IN_SESSION(sr_message_crypt_begin(s, SR_USE_DECRYPT,
                                    CALL(pParameter, ulParameterLen, pAssociatedData, ulAssociatedDataLen)));
}

CK_RV C_DecryptMessageNext(CK_SESSION_HANDLE hSession, CK_VOID_PTR pParameter, CK_ULONG ulParameterLen,
                           CK_BYTE_PTR pCiphertextPart, CK_ULONG ulCiphertextPartLen, CK_BYTE_PTR pPlaintextPart,
                           CK_ULONG_PTR pulPlaintextPartLen, CK_FLAGS flags) {
  IN_SESSION(sr_message_crypt_next(s, SR_USE_DECRYPT, CALL(pParameter, ulParameterLen, NULL, 0), pCiphertextPart,
                                   ulCiphertextPartLen, pPlaintextPart, pulPlaintextPartLen,
                                   (flags & CKF_END_OF_MESSAGE) != 0));
}

CK_RV C_MessageDecryptFinal(CK_SESSION_HANDLE hSession) { IN_SESSION(sr_message_final(s, SR_USE_DECRYPT)); }

CK_RV C_MessageSignInit(CK_SESSION_HANDLE hSession, CK_MECHANISM_PTR pMechanism, CK_OBJECT_HANDLE hKey) {
  IN_SESSION(sr_operation_start(s, SR_USE_SIGN, SR_MESSAGES, pMechanism, hKey));
}

CK_RV C_SignMessage(CK_SESSION_HANDLE hSession, CK_VOID_PTR pParameter, CK_ULONG ulParameterLen, CK_BYTE_PTR pData,
                    CK_ULONG ulDataLen, CK_BYTE_PTR pSignature, CK_ULONG_PTR pulSignatureLen) {
  IN_SESSION(
      sr_message_sign(s, CALL(pParameter, ulParameterLen, NULL, 0), pData, ulDataLen, pSignature, pulSignatureLen));
}

CK_RV C_SignMessageBegin(CK_SESSION_HANDLE hSession, CK_VOID_PTR pParameter, CK_ULONG ulParameterLen) {
  IN_SESSION(sr_message_begin(s, SR_USE_SIGN, CALL(pParameter, ulParameterLen, NULL, 0)));
}

CK_RV C_SignMessageNext(CK_SESSION_HANDLE hSession, CK_VOID_PTR pParameter, CK_ULONG ulParameterLen, CK_BYTE_PTR pData,
                        CK_ULONG ulDataLen, CK_BYTE_PTR pSignature, CK_ULONG_PTR pulSignatureLen) {
  IN_SESSION(sr_message_sign_next(s, CALL(pParameter, ulParameterLen, NULL, 0), pData, ulDataLen, pSignature,
                                  pulSignatureLen));
}

CK_RV C_MessageSignFinal(CK_SESSION_HANDLE hSession) { IN_SESSION(sr_message_final(s, SR_USE_SIGN)); }

CK_RV C_MessageVerifyInit(CK_SESSION_HANDLE hSession, CK_MECHANISM_PTR pMechanism, CK_OBJECT_HANDLE hKey) {
  IN_SESSION(sr_operation_start(s, SR_USE_VERIFY, SR_MESSAGES, pMechanism, hKey));
}

CK_RV C_VerifyMessage(CK_SESSION_HANDLE hSession, CK_VOID_PTR pParameter, CK_ULONG ulParameterLen, CK_BYTE_PTR pData,
                      CK_ULONG ulDataLen, CK_BYTE_PTR pSignature, CK_ULONG ulSignatureLen) {
  IN_SESSION(
      sr_message_verify(s, CALL(pParameter, ulParameterLen, NULL, 0), pData, ulDataLen, pSignature, ulSignatureLen));
}

CK_RV C_VerifyMessageBegin(CK_SESSION_HANDLE hSession, CK_VOID_PTR pParameter, CK_ULONG ulParameterLen) {
  IN_SESSION(sr_message_begin(s, SR_USE_VERIFY, CALL(pParameter, ulParameterLen, NULL, 0)));
}

CK_RV C_VerifyMessageNext(CK_SESSION_HANDLE hSession, CK_VOID_PTR pParameter, CK_ULONG ulParameterLen,
                          CK_BYTE_PTR pData, CK_ULONG ulDataLen, CK_BYTE_PTR pSignature, CK_ULONG ulSignatureLen) {
  IN_SESSION(sr_message_verify_next(s, CALL(pParameter, ulParameterLen, NULL, 0), pData, ulDataLen, pSignature,
                                    ulSignatureLen));
}

CK_RV C_MessageVerifyFinal(CK_SESSION_HANDLE hSession) { IN_SESSION(sr_message_final(s, SR_USE_VERIFY)); }
