// The library's own interface, got by C_GetInterface("Vendor Strongroom", NULL, …, 0).
#ifndef STRONGROOM_VENDOR_H
#define STRONGROOM_VENDOR_H

#include "pkcs11.h"

typedef struct SR_FUNCTION_LIST {
  CK_VERSION version;
  // Sends data to the HSM and gets it back: what the way there and back costs without cryptography.
  // At most 1 MiB. CKR_DATA_LEN_RANGE, CKR_BUFFER_TOO_SMALL and whatever a request can fail with.
  CK_RV (*SR_Echo)
  (CK_SESSION_HANDLE hSession, CK_BYTE_PTR pData, CK_ULONG ulDataLen, CK_BYTE_PTR pEcho, CK_ULONG_PTR pulEchoLen);
  // Why the last refused call of this thread was refused, in words, without a terminating zero. pText NULL: its length.
  CK_RV (*SR_LastCause)(CK_UTF8CHAR_PTR pText, CK_ULONG_PTR pulTextLen);
} SR_FUNCTION_LIST;

// ML-DSA (FIPS 204) of a message representative mu of 64 bytes that the caller computed. Parameter: none, or CK_SIGN_ADDITIONAL_CONTEXT without a context.
#define CKM_SR_ML_DSA_EXTERNAL_MU 0xD352001DUL

#define SR_VENDOR_INTERFACE "Vendor Strongroom"

#endif
