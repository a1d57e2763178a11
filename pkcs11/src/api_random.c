// Random numbers (PKCS#11 3.2, section 5.20): the HSM's, never this process's.
#include <string.h>

#include "exchange.h"
#include "instance.h"
#include "log.h"

CK_RV C_SeedRandom(CK_SESSION_HANDLE hSession, CK_BYTE_PTR pSeed, CK_ULONG ulSeedLen) {
  struct sr_session *s;
  CK_RV rv = sr_enter_session(__func__, hSession, &s);
  if (rv != CKR_OK) return rv;
  if (pSeed == NULL) return sr_leave_session(s, sr_refuse(CKR_ARGUMENTS_BAD, "pSeed is NULL"));
  if (ulSeedLen > 65536) return sr_leave_session(s, sr_refuse(CKR_DATA_LEN_RANGE, "a seed has at most 65536 bytes"));
  struct sr_call call;
  sr_seed_random_request request = {.seed = {pSeed, ulSeedLen, true}};
  sr_seed_random_reply reply;
  rv = sr_exchange_seed_random(s->cluster, &call, &request, &reply);
  sr_call_end(&call);
  return sr_leave_session(s, rv);
}

CK_RV C_GenerateRandom(CK_SESSION_HANDLE hSession, CK_BYTE_PTR pRandomData, CK_ULONG ulRandomLen) {
  struct sr_session *s;
  CK_RV rv = sr_enter_session(__func__, hSession, &s);
  if (rv != CKR_OK) return rv;
  if (pRandomData == NULL && ulRandomLen > 0)
    return sr_leave_session(s, sr_refuse(CKR_ARGUMENTS_BAD, "pRandomData is NULL"));
  while (rv == CKR_OK && ulRandomLen > 0) {
    CK_ULONG part = ulRandomLen < SR_STREAM_PART ? ulRandomLen : SR_STREAM_PART;
    struct sr_call call;
    sr_generate_random_request request = {.length = part};
    sr_generate_random_reply reply;
    rv = sr_exchange_generate_random(s->cluster, &call, &request, &reply);
    if (rv == CKR_OK && reply.data.size != part) rv = sr_call_malformed(&call);
    if (rv == CKR_OK) memcpy(pRandomData, reply.data.data, part);
    sr_call_end(&call);
    pRandomData += part;
    ulRandomLen -= part;
  }
  return sr_leave_session(s, rv);
}
