#include "stream.h"

#include <stdlib.h>
#include <string.h>

#include "cluster.h"
#include "exchange.h"
#include "log.h"
#include "session.h"

void sr_result_free(struct sr_result *result) {
  if (result->data == NULL) return;
  explicit_bzero(result->data, result->size);
  if (result->data != result->place) free(result->data);
  result->data = NULL;
  result->size = result->capacity = 0;
}

static CK_RV append(struct sr_result *result, const sr_bytes *more) {
  if (result->data == NULL) {
    result->data = result->place;
    result->capacity = sizeof result->place;
  }
  if (more->size > result->capacity - result->size) {
    size_t capacity =
        result->capacity * 2 > result->size + more->size ? result->capacity * 2 : result->size + more->size;
    uint8_t *memory = malloc(capacity);
    if (memory == NULL) return sr_refuse(CKR_HOST_MEMORY, "out of memory");
    memcpy(memory, result->data, result->size);
    size_t size = result->size;
    sr_result_free(result);
    *result = (struct sr_result){.data = memory, .size = size, .capacity = capacity};
  }
  if (more->size > 0) memcpy(result->data + result->size, more->data, more->size);
  result->size += more->size;
  return CKR_OK;
}

static void write_back_iv(struct sr_operation *o, const sr_bytes *iv) {
  if (iv->present && o->drawn_iv != NULL && iv->size <= o->drawn_iv_size) memcpy(o->drawn_iv, iv->data, iv->size);
}

// Refusals that are about the data say nothing of the verdict; others may mean that it is old.
static void doubt_verdict(struct sr_session *s, const struct sr_operation *o, CK_RV rv) {
  switch (rv) {
    case CKR_OK:
    case CKR_SIGNATURE_INVALID:
    case CKR_SIGNATURE_LEN_RANGE:
    case CKR_DATA_INVALID:
    case CKR_DATA_LEN_RANGE:
    case CKR_ENCRYPTED_DATA_INVALID:
    case CKR_ENCRYPTED_DATA_LEN_RANGE:
    case CKR_AEAD_DECRYPT_FAILED:
      return;
    default:
      sr_verdicts_drop(&s->cluster->verdicts, o->key);
  }
}

// An operation that was open on a connection or an HSM that is no more can't go on.
static CK_RV explain_loss(const struct sr_call *call, CK_RV rv) {
  if (rv == CKR_DEVICE_ERROR && call->outcome == SR_LOST)
    return sr_refuse(CKR_OPERATION_NOT_INITIALIZED, "the operation was lost with the connection to the HSM");
  return rv;
}

static CK_RV in_parts(struct sr_session *s, uint64_t use, const CK_BYTE *in, CK_ULONG in_size,
                      const sr_bytes *signature, struct sr_result *result) {
  if (!s->operations[use].verdict.multipart)
    return sr_refuse(use == SR_USE_DECRYPT ? CKR_ENCRYPTED_DATA_LEN_RANGE : CKR_DATA_LEN_RANGE,
                     "mechanism 0x%lx takes at most %u bytes", (CK_ULONG)s->operations[use].mechanism.number,
                     SR_LIMIT_DATA);
  CK_RV rv = sr_stream_begin(s, use);
  if (rv != CKR_OK) return rv;
  bool again = false;
  rv = sr_stream_part(s, use, in, in_size, result);
  if (rv == CKR_OK) rv = sr_stream_finish(s, use, signature, result, &again);
  // The HSM has verified what it could not hold back, and gives the output of the same input now.
  if (rv == CKR_OK && again) rv = sr_stream_part(s, use, in, in_size, result);
  if (rv == CKR_OK && again) rv = sr_stream_finish(s, use, signature, result, &again);
  if (rv != CKR_OK) sr_stream_cancel(s, use);
  s->operations[use].phase = SR_READY;  // as a whole operation, until its result is handed over
  return rv;
}

CK_RV sr_stream_whole(struct sr_session *s, uint64_t use, const CK_BYTE *in, CK_ULONG in_size,
                      const sr_bytes *signature, struct sr_result *result) {
  struct sr_operation *o = &s->operations[use];
  if (in_size > SR_LIMIT_DATA) return in_parts(s, use, in, in_size, signature, result);
  struct sr_call call;
  sr_perform_reply reply;
  sr_perform_request request = {
      .session = s->id, .use = use, .mechanism = o->mechanism, .key = o->key, .data = {in, in_size, true}};
  if (signature != NULL) request.signature = *signature;
  CK_RV rv = sr_exchange_perform(s->cluster, &call, &request, &reply);
  if (rv == CKR_OK) {
    write_back_iv(o, &reply.iv);
    rv = append(result, &reply.data);
  } else {
    doubt_verdict(s, o, rv);
  }
  sr_call_end(&call);
  return rv;
}

static CK_RV begin_once(struct sr_session *s, uint64_t use) {
  struct sr_operation *o = &s->operations[use];
  struct sr_call call;
  sr_begin_reply reply;
  sr_begin_request request = {.session = s->id, .use = use, .mechanism = o->mechanism, .key = o->key};
  CK_RV rv = sr_exchange_begin(s->cluster, &call, &request, &reply);
  if (rv == CKR_OK) write_back_iv(o, &reply.iv);
  else doubt_verdict(s, o, rv);
  sr_call_end(&call);
  return rv;
}

CK_RV sr_stream_begin(struct sr_session *s, uint64_t use) {
  CK_RV rv = begin_once(s, use);
  if (rv == CKR_OPERATION_ACTIVE) {
    // What is open is known here. The HSM's is one whose end, or the first try of this Begin, was lost on the way.
    sr_stream_cancel(s, use);
    rv = begin_once(s, use);
  }
  if (rv == CKR_OK) s->operations[use].phase = SR_STREAMING;
  return rv;
}

CK_RV sr_stream_part(struct sr_session *s, uint64_t use, const CK_BYTE *in, CK_ULONG in_size,
                     struct sr_result *result) {
  CK_RV rv = CKR_OK;
  while (rv == CKR_OK && in_size > 0) {
    CK_ULONG part = in_size < SR_STREAM_PART ? in_size : SR_STREAM_PART;
    struct sr_call call;
    sr_update_reply reply;
    sr_update_request request = {.session = s->id, .use = use, .data = {in, part, true}};
    rv = sr_exchange_update(s->cluster, &call, &request, &reply);
    rv = rv == CKR_OK ? append(result, &reply.data) : explain_loss(&call, rv);
    sr_call_end(&call);
    s->operations[use].total_in += part;
    in += part;
    in_size -= part;
  }
  return rv;
}

CK_RV sr_stream_key(struct sr_session *s, uint64_t use, CK_OBJECT_HANDLE key) {
  struct sr_call call;
  sr_update_reply reply;
  sr_update_request request = {
      .session = s->id, .use = use, .data = {(const uint8_t *)"", 0, true}, .key = {key, true}};
  CK_RV rv = explain_loss(&call, sr_exchange_update(s->cluster, &call, &request, &reply));
  sr_call_end(&call);
  return rv;
}

CK_RV sr_stream_finish(struct sr_session *s, uint64_t use, const sr_bytes *signature, struct sr_result *result,
                       bool *again) {
  struct sr_call call;
  sr_finish_reply reply;
  sr_finish_request request = {.session = s->id, .use = use};
  if (signature != NULL) request.signature = *signature;
  CK_RV rv = sr_exchange_finish(s->cluster, &call, &request, &reply);
  *again = rv == CKR_OK && reply.again;
  rv = rv == CKR_OK ? append(result, &reply.data) : explain_loss(&call, rv);
  sr_call_end(&call);
  return rv;
}

void sr_stream_cancel(struct sr_session *s, uint64_t use) {
  struct sr_call call;
  sr_cancel_reply reply;
  sr_cancel_request request = {.session = s->id, .use = use};
  sr_exchange_cancel(s->cluster, &call, &request, &reply);  // an HSM that can't be told has lost it anyway
  sr_call_end(&call);
}
