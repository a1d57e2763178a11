// Functions that are there because every list has them, and that this token does not offer (PKCS#11 3.2, section 5:
// "CKR_FUNCTION_NOT_SUPPORTED"). The session is looked at all the same, so that a wrong handle is called that.
#include "instance.h"
#include "log.h"

static CK_RV refuse(const char *function, CK_SESSION_HANDLE handle, CK_RV rv, const char *cause) {
  struct sr_session *s;
  CK_RV entered = sr_enter_session(function, handle, &s);
  return entered != CKR_OK ? entered : sr_leave_session(s, sr_refuse(rv, "%s", cause));
}

#define UNUSED_4(a, b, c, d) (void)(a), (void)(b), (void)(c), (void)(d)
#define UNUSED_2(a, b) (void)(a), (void)(b)

#define NOT_SUPPORTED(cause) return refuse(__func__, hSession, CKR_FUNCTION_NOT_SUPPORTED, cause)

static const char asynchronous[] = "asynchronous sessions are not offered";

// Legacy functions of 1.0 (5.22): every token answers so.
CK_RV C_GetFunctionStatus(CK_SESSION_HANDLE hSession) {
  return refuse(__func__, hSession, CKR_FUNCTION_NOT_PARALLEL, "functions do not run in parallel with the application");
}

CK_RV C_CancelFunction(CK_SESSION_HANDLE hSession) {
  return refuse(__func__, hSession, CKR_FUNCTION_NOT_PARALLEL, "functions do not run in parallel with the application");
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
