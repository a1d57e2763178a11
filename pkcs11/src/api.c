#include "api.h"

#include "operation.h"
#include "session.h"

CK_RV sr_api_init(const char *function, uint64_t use, CK_SESSION_HANDLE handle, CK_MECHANISM_PTR mechanism,
                  CK_OBJECT_HANDLE key) {
  struct sr_session *s;
  CK_RV rv = sr_enter_session(function, handle, &s);
  return rv != CKR_OK ? rv : sr_leave_session(s, sr_operation_init(s, use, mechanism, key));
}

CK_RV sr_api_whole(const char *function, uint64_t use, CK_SESSION_HANDLE handle, CK_BYTE_PTR in, CK_ULONG in_size,
                   CK_BYTE_PTR out, CK_ULONG_PTR out_size) {
  struct sr_session *s;
  CK_RV rv = sr_enter_session(function, handle, &s);
  return rv != CKR_OK ? rv : sr_leave_session(s, sr_operation_whole(s, use, in, in_size, out, out_size));
}

CK_RV sr_api_update(const char *function, uint64_t use, CK_SESSION_HANDLE handle, CK_BYTE_PTR in, CK_ULONG in_size,
                    CK_BYTE_PTR out, CK_ULONG_PTR out_size) {
  struct sr_session *s;
  CK_RV rv = sr_enter_session(function, handle, &s);
  return rv != CKR_OK ? rv : sr_leave_session(s, sr_operation_update(s, use, in, in_size, out, out_size));
}

CK_RV sr_api_absorb(const char *function, uint64_t use, CK_SESSION_HANDLE handle, CK_BYTE_PTR in, CK_ULONG in_size) {
  struct sr_session *s;
  CK_RV rv = sr_enter_session(function, handle, &s);
  return rv != CKR_OK ? rv : sr_leave_session(s, sr_operation_absorb(s, use, in, in_size));
}

CK_RV sr_api_final(const char *function, uint64_t use, CK_SESSION_HANDLE handle, CK_BYTE_PTR out,
                   CK_ULONG_PTR out_size) {
  struct sr_session *s;
  CK_RV rv = sr_enter_session(function, handle, &s);
  return rv != CKR_OK ? rv : sr_leave_session(s, sr_operation_final(s, use, out, out_size));
}
