#include "message.h"

#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "message_params.h"
#include "session.h"
#include "stream.h"

static CK_RV leave(struct sr_operation *o, CK_RV rv) {
  o->caller = SR_PLAIN;
  return rv;
}

// What every function on messages asks first; with `going_on`, a message in parts must be under way, otherwise none.
static CK_RV enter(struct sr_session *s, uint64_t use, bool going_on) {
  struct sr_operation *o = &s->operations[use];
  CK_RV rv = sr_operation_enter(s, use, SR_MESSAGES);
  if (rv != CKR_OK) return rv;
  if (going_on && !o->in_message)
    return leave(o, sr_refuse(CKR_OPERATION_NOT_INITIALIZED, "no message in parts has been begun"));
  if (!going_on && o->in_message)
    return leave(o, sr_refuse(CKR_OPERATION_ACTIVE, "a message in parts is under way: end it first"));
  return CKR_OK;
}

static CK_RV null_pointer(struct sr_session *s, uint64_t use) {
  return sr_operation_give_up(s, use, sr_refuse(CKR_ARGUMENTS_BAD, "a pointer is NULL that must not be"));
}

static CK_RV read_message(struct sr_operation *o, uint64_t use, const struct sr_message_call *m,
                          struct sr_message *message) {
  CK_RV rv = sr_message_read(use, o->shape, m->parameter, m->parameter_size, m->aad, m->aad_size, &o->message,
                             &o->mechanism, message);
  o->drawn_iv = message->iv;
  o->drawn_iv_size = message->iv_size;
  return rv;
}

static CK_RV too_small(CK_ULONG_PTR out_size, CK_ULONG needed) {
  *out_size = needed;
  return sr_refuse(CKR_BUFFER_TOO_SMALL, "the result needs %lu bytes", needed);
}

// Text and tag of an encryption to where the caller wants them.
static CK_RV give_sealed(const struct sr_result *result, const struct sr_message *message, CK_BYTE_PTR out,
                         CK_ULONG_PTR out_size) {
  if (result->size < message->tag_size || result->size - message->tag_size > *out_size)
    return sr_refuse(CKR_DEVICE_ERROR, "the HSM answered with another length than the message's");
  *out_size = result->size - message->tag_size;
  if (*out_size > 0) memcpy(out, result->data, *out_size);
  memcpy(message->tag, result->data + *out_size, message->tag_size);
  return CKR_OK;
}

static CK_RV give_text(const struct sr_result *result, CK_BYTE_PTR out, CK_ULONG_PTR out_size) {
  if (result->size > *out_size)
    return sr_refuse(CKR_DEVICE_ERROR, "the HSM answered with another length than the message's");
  *out_size = result->size;
  if (result->size > 0) memcpy(out, result->data, result->size);
  return CKR_OK;
}

static CK_RV seal(struct sr_session *s, const struct sr_message *message, CK_BYTE_PTR in, CK_ULONG in_size,
                  CK_BYTE_PTR out, CK_ULONG_PTR out_size) {
  struct sr_result result = {0};
  CK_RV rv = sr_stream_whole(s, SR_USE_ENCRYPT, in, in_size, NULL, &result);
  if (rv == CKR_OK) rv = give_sealed(&result, message, out, out_size);
  sr_result_free(&result);
  return rv;
}

static CK_RV open_sealed(struct sr_session *s, const struct sr_message *message, CK_BYTE_PTR in, CK_ULONG in_size,
                         CK_BYTE_PTR out, CK_ULONG_PTR out_size) {
  uint8_t *joined = malloc(in_size + message->tag_size + 1);
  if (joined == NULL) return sr_refuse(CKR_HOST_MEMORY, "out of memory");
  if (in_size > 0) memcpy(joined, in, in_size);
  memcpy(joined + in_size, message->tag, message->tag_size);
  struct sr_result result = {0};
  CK_RV rv = sr_stream_whole(s, SR_USE_DECRYPT, joined, in_size + message->tag_size, NULL, &result);
  if (rv == CKR_OK) rv = give_text(&result, out, out_size);
  sr_result_free(&result);
  free(joined);
  return rv;
}

CK_RV sr_message_crypt(struct sr_session *s, uint64_t use, const struct sr_message_call *m, CK_BYTE_PTR in,
                       CK_ULONG in_size, CK_BYTE_PTR out, CK_ULONG_PTR out_size) {
  struct sr_operation *o = &s->operations[use];
  CK_RV rv = enter(s, use, false);
  if (rv != CKR_OK) return rv;
  if (out_size == NULL || (in == NULL && in_size > 0)) return leave(o, null_pointer(s, use));
  // The text is as long as what it was made from; so nothing is done before it is known to fit.
  if (out == NULL) {
    *out_size = in_size;
    return leave(o, CKR_OK);
  }
  if (*out_size < in_size) return leave(o, too_small(out_size, in_size));
  struct sr_message message = {0};
  rv = read_message(o, use, m, &message);
  if (rv == CKR_OK)
    rv = use == SR_USE_ENCRYPT ? seal(s, &message, in, in_size, out, out_size)
                               : open_sealed(s, &message, in, in_size, out, out_size);
  return leave(o, sr_operation_give_up(s, use, rv));
}

CK_RV sr_message_crypt_begin(struct sr_session *s, uint64_t use, const struct sr_message_call *m) {
  struct sr_operation *o = &s->operations[use];
  CK_RV rv = enter(s, use, false);
  if (rv != CKR_OK) return rv;
  struct sr_message message = {0};
  rv = read_message(o, use, m, &message);
  if (rv == CKR_OK) rv = sr_stream_begin(s, use);
  o->in_message = rv == CKR_OK;
  return leave(o, rv == CKR_OK ? rv : sr_operation_give_up(s, use, rv));
}

// The tag that this call's parameter has room for must be as long as the one that was begun with.
static CK_RV read_tag(const struct sr_operation *o, uint64_t use, const struct sr_message_call *m,
                      struct sr_message *message) {
  sr_arena arena = {0};
  sr_mechanism again = {.number = o->mechanism.number};
  CK_RV rv = sr_message_read(use, o->shape, m->parameter, m->parameter_size, NULL, 0, &arena, &again, message);
  if (rv == CKR_OK && again.bits.value != o->mechanism.bits.value)
    rv = sr_refuse(CKR_MECHANISM_PARAM_INVALID, "the tag has not the length that the message was begun with");
  sr_arena_free(&arena);
  return rv;
}

static CK_RV last_part(struct sr_session *s, uint64_t use, const struct sr_message *message, struct sr_result *result) {
  struct sr_operation *o = &s->operations[use];
  CK_RV rv = use == SR_USE_DECRYPT ? sr_stream_part(s, use, message->tag, message->tag_size, result) : CKR_OK;
  bool again = false;
  if (rv == CKR_OK) rv = sr_stream_finish(s, use, NULL, result, &again);
  if (!again) return rv;
  // The HSM has verified what it could not hold back, and gives the output of the same input now.
  rv = sr_stream_part(s, use, o->collected, o->collected_size, result);
  if (rv == CKR_OK) rv = sr_stream_part(s, use, message->tag, message->tag_size, result);
  return rv == CKR_OK ? sr_stream_finish(s, use, NULL, result, &again) : rv;
}

CK_RV sr_message_crypt_next(struct sr_session *s, uint64_t use, const struct sr_message_call *m, CK_BYTE_PTR in,
                            CK_ULONG in_size, CK_BYTE_PTR out, CK_ULONG_PTR out_size, bool last) {
  struct sr_operation *o = &s->operations[use];
  CK_RV rv = enter(s, use, true);
  if (rv != CKR_OK) return rv;
  if (out_size == NULL || (in == NULL && in_size > 0)) return leave(o, null_pointer(s, use));
  // At most what went in and has not come out yet.
  CK_ULONG most = last ? o->total_in + in_size - o->total_out : in_size;
  if (out == NULL) {
    *out_size = most;
    return leave(o, CKR_OK);
  }
  if (*out_size < most) return leave(o, too_small(out_size, most));
  struct sr_message message = {0};
  struct sr_result result = {0};
  rv = last ? read_tag(o, use, m, &message) : CKR_OK;
  if (rv == CKR_OK && o->verdict.resends && !sr_operation_collect(o, in, in_size))
    rv = sr_refuse(CKR_HOST_MEMORY, "out of memory");
  if (rv == CKR_OK) rv = sr_stream_part(s, use, in, in_size, &result);
  if (rv == CKR_OK && last) rv = last_part(s, use, &message, &result);
  if (rv == CKR_OK && last) o->phase = SR_READY;  // the HSM has ended it
  if (rv == CKR_OK)
    rv = last && use == SR_USE_ENCRYPT ? give_sealed(&result, &message, out, out_size)
                                       : give_text(&result, out, out_size);
  if (rv == CKR_OK) o->total_out += *out_size;
  sr_result_free(&result);
  return leave(o, rv == CKR_OK && !last ? rv : sr_operation_give_up(s, use, rv));
}

// No signature mechanism of the standard has a parameter of the message's own (3.2, 5.14.2).
static CK_RV no_parameter(struct sr_session *s, uint64_t use, const struct sr_message_call *m) {
  if (m->parameter == NULL && m->parameter_size == 0) return CKR_OK;
  return sr_operation_give_up(
      s, use,
      sr_refuse(CKR_MECHANISM_PARAM_INVALID, "this mechanism's parameter belongs into the Init, not to the message"));
}

CK_RV sr_message_sign(struct sr_session *s, const struct sr_message_call *m, CK_BYTE_PTR in, CK_ULONG in_size,
                      CK_BYTE_PTR out, CK_ULONG_PTR out_size) {
  struct sr_operation *o = &s->operations[SR_USE_SIGN];
  CK_RV rv = enter(s, SR_USE_SIGN, false);
  if (rv != CKR_OK) return rv;
  rv = no_parameter(s, SR_USE_SIGN, m);
  if (rv == CKR_OK) rv = sr_operation_whole(s, SR_USE_SIGN, in, in_size, out, out_size);
  return leave(o, rv);
}

CK_RV sr_message_verify(struct sr_session *s, const struct sr_message_call *m, CK_BYTE_PTR in, CK_ULONG in_size,
                        CK_BYTE_PTR signature, CK_ULONG signature_size) {
  struct sr_operation *o = &s->operations[SR_USE_VERIFY];
  CK_RV rv = enter(s, SR_USE_VERIFY, false);
  if (rv != CKR_OK) return rv;
  rv = no_parameter(s, SR_USE_VERIFY, m);
  if (rv == CKR_OK) rv = sr_operation_verify(s, in, in_size, signature, signature_size);
  return leave(o, rv);
}

CK_RV sr_message_begin(struct sr_session *s, uint64_t use, const struct sr_message_call *m) {
  struct sr_operation *o = &s->operations[use];
  CK_RV rv = enter(s, use, false);
  if (rv != CKR_OK) return rv;
  rv = no_parameter(s, use, m);
  if (rv == CKR_OK && !o->verdict.multipart)
    rv = sr_refuse(CKR_FUNCTION_NOT_SUPPORTED, "mechanism 0x%lx does not work in parts", (CK_ULONG)o->mechanism.number);
  o->in_message = rv == CKR_OK;
  return leave(o, rv);
}

CK_RV sr_message_sign_next(struct sr_session *s, const struct sr_message_call *m, CK_BYTE_PTR in, CK_ULONG in_size,
                           CK_BYTE_PTR out, CK_ULONG_PTR out_size) {
  struct sr_operation *o = &s->operations[SR_USE_SIGN];
  CK_RV rv = enter(s, SR_USE_SIGN, true);
  if (rv != CKR_OK) return rv;
  rv = no_parameter(s, SR_USE_SIGN, m);
  // The last part is taken in only when its signature has room: so a length query changes nothing.
  if (rv == CKR_OK && out_size != NULL && out == NULL) *out_size = o->verdict.fixed;
  else if (rv == CKR_OK && out_size != NULL && *out_size < o->verdict.fixed) rv = too_small(out_size, o->verdict.fixed);
  else if (rv == CKR_OK) {
    rv = sr_operation_absorb(s, SR_USE_SIGN, in, in_size);
    if (rv == CKR_OK && out_size != NULL) rv = sr_operation_final(s, SR_USE_SIGN, out, out_size);
  }
  return leave(o, rv);
}

CK_RV sr_message_verify_next(struct sr_session *s, const struct sr_message_call *m, CK_BYTE_PTR in, CK_ULONG in_size,
                             CK_BYTE_PTR signature, CK_ULONG signature_size) {
  struct sr_operation *o = &s->operations[SR_USE_VERIFY];
  CK_RV rv = enter(s, SR_USE_VERIFY, true);
  if (rv != CKR_OK) return rv;
  rv = no_parameter(s, SR_USE_VERIFY, m);
  if (rv == CKR_OK) rv = sr_operation_absorb(s, SR_USE_VERIFY, in, in_size);
  if (rv == CKR_OK && signature != NULL) rv = sr_operation_verify_final(s, signature, signature_size);
  return leave(o, rv);
}

CK_RV sr_message_final(struct sr_session *s, uint64_t use) {
  CK_RV rv = sr_operation_enter(s, use, SR_MESSAGES);
  if (rv == CKR_OK) sr_operation_cancel(s, use);
  return rv;
}
