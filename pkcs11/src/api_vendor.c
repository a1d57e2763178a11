#include <string.h>

#include "exchange.h"
#include "instance.h"
#include "lists.h"
#include "log.h"

static CK_RV give(const uint8_t *from, size_t size, CK_BYTE_PTR to, CK_ULONG_PTR to_size) {
  CK_ULONG room = *to_size;
  *to_size = size;
  if (to == NULL) return CKR_OK;
  if (room < size) return CKR_BUFFER_TOO_SMALL;
  memcpy(to, from, size);
  return CKR_OK;
}

static CK_RV echo(CK_SESSION_HANDLE hSession, CK_BYTE_PTR pData, CK_ULONG ulDataLen, CK_BYTE_PTR pEcho,
                  CK_ULONG_PTR pulEchoLen) {
  struct sr_session *s;
  CK_RV rv = sr_enter_session("SR_Echo", hSession, &s);
  if (rv != CKR_OK) return rv;
  if (pulEchoLen == NULL || (pData == NULL && ulDataLen > 0))
    return sr_leave_session(s, sr_refuse(CKR_ARGUMENTS_BAD, "a pointer is NULL that must not be"));
  if (ulDataLen > SR_LIMIT_DATA)
    return sr_leave_session(s, sr_refuse(CKR_DATA_LEN_RANGE, "at most %u bytes are echoed", SR_LIMIT_DATA));
  struct sr_call call;
  sr_echo_request request = {.data = {pData, ulDataLen, true}};
  sr_echo_reply reply;
  rv = sr_exchange_echo(s->cluster, &call, &request, &reply);
  if (rv == CKR_OK && give(reply.data.data, reply.data.size, pEcho, pulEchoLen) != CKR_OK)
    rv = sr_refuse(CKR_BUFFER_TOO_SMALL, "the echo needs %zu bytes", reply.data.size);
  sr_call_end(&call);
  return sr_leave_session(s, rv);
}

static CK_RV last_cause(CK_UTF8CHAR_PTR pText, CK_ULONG_PTR pulTextLen) {
  if (pulTextLen == NULL) return CKR_ARGUMENTS_BAD;
  const char *cause = sr_last_cause();
  return give((const uint8_t *)cause, strlen(cause), pText, pulTextLen);
}

SR_FUNCTION_LIST sr_vendor_list = {.version = {1, 0}, .SR_Echo = echo, .SR_LastCause = last_cause};
