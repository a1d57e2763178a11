// The C_ functions on operations are all alike: find the session, do the step, leave.
#ifndef STRONGROOM_API_H
#define STRONGROOM_API_H

#include "pkcs11.h"
#include "protocol.g.h"

CK_RV sr_api_init(const char *function, uint64_t use, CK_SESSION_HANDLE handle, CK_MECHANISM_PTR mechanism,
                  CK_OBJECT_HANDLE key);
CK_RV sr_api_whole(const char *function, uint64_t use, CK_SESSION_HANDLE handle, CK_BYTE_PTR in, CK_ULONG in_size,
                   CK_BYTE_PTR out, CK_ULONG_PTR out_size);
CK_RV sr_api_update(const char *function, uint64_t use, CK_SESSION_HANDLE handle, CK_BYTE_PTR in, CK_ULONG in_size,
                    CK_BYTE_PTR out, CK_ULONG_PTR out_size);
CK_RV sr_api_absorb(const char *function, uint64_t use, CK_SESSION_HANDLE handle, CK_BYTE_PTR in, CK_ULONG in_size);
CK_RV sr_api_final(const char *function, uint64_t use, CK_SESSION_HANDLE handle, CK_BYTE_PTR out,
                   CK_ULONG_PTR out_size);

#endif
