#include "operation.h"

#include <stdlib.h>
#include <string.h>

#include "cluster.h"
#include "exchange.h"
#include "log.h"
#include "message_params.h"
#include "params.h"
#include "session.h"
#include "stream.h"

static void forget_collected(struct sr_operation *o) {
  if (o->collected != NULL) explicit_bzero(o->collected, o->collected_size);
  free(o->collected);
  o->collected = NULL;
  o->collected_size = 0;
}

void sr_operation_end(struct sr_operation *o) {
  if (o->phase == SR_IDLE) return;
  forget_collected(o);
  sr_operation_forget_kept(o);
  sr_arena_free(&o->message);
  if (o->family == SR_MESSAGES && o->caller == SR_MESSAGES) {
    o->phase = SR_READY;
    o->in_message = false;
    o->total_in = o->total_out = 0;
    return;
  }
  sr_arena_free(&o->arena);
  *o = (struct sr_operation){.phase = SR_IDLE};
}

void sr_operation_forget_kept(struct sr_operation *o) {
  if (o->kept != NULL) explicit_bzero(o->kept, o->kept_size);
  free(o->kept);
  o->kept = NULL;
  o->kept_size = 0;
}

CK_RV sr_operation_give_up(struct sr_session *s, uint64_t use, CK_RV rv) {
  struct sr_operation *o = &s->operations[use];
  bool open = o->phase == SR_STREAMING;
  sr_operation_end(o);
  if (open) sr_stream_cancel(s, use);
  return rv;
}

void sr_operation_cancel(struct sr_session *s, uint64_t use) {
  s->operations[use].caller = SR_PLAIN;
  sr_operation_give_up(s, use, CKR_OK);
}

CK_RV sr_operation_enter(struct sr_session *s, uint64_t use, enum sr_family family) {
  struct sr_operation *o = &s->operations[use];
  if (o->phase == SR_IDLE || o->family != family)
    return sr_refuse(CKR_OPERATION_NOT_INITIALIZED, "the session has no operation of this kind");
  o->caller = family;
  return CKR_OK;
}

static CK_RV ask_verdict(struct sr_session *s, uint64_t use, struct sr_operation *o) {
  struct sr_cluster *cluster = s->cluster;
  struct sr_verdict_key key =
      sr_verdict_key_of(atomic_load(&cluster->login_count), atomic_load(&cluster->epoch), use, o->key, &o->mechanism);
  if (sr_verdicts_find(&cluster->verdicts, &key, &o->verdict)) return CKR_OK;
  struct sr_call call;
  sr_prepare_request request = {.session = s->id, .use = use, .mechanism = o->mechanism, .key = o->key};
  CK_RV rv = sr_exchange_prepare(cluster, &call, &request, &o->verdict);
  sr_call_end(&call);
  if (rv != CKR_OK) return rv;
  if (o->verdict.block == 0) o->verdict.block = 1;
  if (o->verdict.cacheable) {
    key.epoch = atomic_load(&cluster->epoch);  // the answer may have brought a new one
    sr_verdicts_keep(&cluster->verdicts, &key, &o->verdict);
  }
  return CKR_OK;
}

CK_RV sr_operation_init(struct sr_session *s, uint64_t use, CK_MECHANISM_PTR mechanism, CK_OBJECT_HANDLE key) {
  return sr_operation_start(s, use, SR_PLAIN, mechanism, key);
}

static CK_RV read_mechanism(struct sr_operation *o, uint64_t use, CK_MECHANISM_PTR mechanism,
                            const sr_mechanism_info *info) {
  if (o->family != SR_MESSAGES)
    return sr_mechanism_read(mechanism, info, &o->arena, &o->mechanism, &o->drawn_iv, &o->drawn_iv_size);
  return sr_message_mechanism_read(use, mechanism, info, &o->arena, &o->mechanism);
}

CK_RV sr_operation_start(struct sr_session *s, uint64_t use, enum sr_family family, CK_MECHANISM_PTR mechanism,
                         CK_OBJECT_HANDLE key) {
  struct sr_operation *o = &s->operations[use];
  if (mechanism == NULL) {
    if (o->phase == SR_IDLE || o->family != family)
      return sr_refuse(CKR_ARGUMENTS_BAD, "pMechanism is NULL, and no operation is there to be ended");
    sr_operation_cancel(s, use);
    return CKR_OK;
  }
  if (o->phase != SR_IDLE) return sr_refuse(CKR_OPERATION_ACTIVE, "the session has an operation of this kind already");
  sr_mechanism_info info;
  CK_RV rv = sr_cluster_mechanism(s->cluster, mechanism->mechanism, &info);
  if (rv != CKR_OK) return rv;
  o->phase = SR_READY;
  o->family = family;
  o->key = key;
  o->shape = info.shape;
  o->flags = info.flags;
  rv = read_mechanism(o, use, mechanism, &info);
  if (rv == CKR_OK) rv = ask_verdict(s, use, o);
  if (rv != CKR_OK) sr_operation_end(o);
  return rv;
}

static uint64_t whole_length(const struct sr_operation *o, uint64_t input) {
  const sr_prepare_reply *v = &o->verdict;
  if (v->fixed != 0) return v->fixed;
  return (input + v->add + v->block - 1) / v->block * v->block;
}

// What the rest of a stream can still yield, when `more` bytes are added.
static uint64_t rest_length(const struct sr_operation *o, uint64_t more) {
  uint64_t whole = whole_length(o, o->total_in + o->collected_size + more);
  return whole > o->total_out ? whole - o->total_out : 0;
}

// FNV-1a over the step and its input: tells a repeated call from a new one. The input is the application's own, so
// nobody gains by a collision.
static uint64_t fingerprint(uint64_t step, const uint8_t *in, size_t size) {
  uint64_t h = 0xCBF29CE484222325u ^ step;
  for (size_t i = 0; i < size; i++) h = (h ^ in[i]) * 0x100000001B3u;
  return (h ^ size) * 0x100000001B3u;
}

enum { STEP_WHOLE = 1, STEP_UPDATE, STEP_FINAL };

// Hands a result over. CKR_BUFFER_TOO_SMALL: it is kept for the repeated call.
static CK_RV give(struct sr_operation *o, uint64_t step, const CK_BYTE *in, CK_ULONG in_size, const uint8_t *result,
                  size_t size, CK_BYTE_PTR out, CK_ULONG_PTR out_size) {
  bool fits = *out_size >= size;
  *out_size = size;
  if (fits) {
    if (size > 0) memcpy(out, result, size);
    if (o->kept != NULL) sr_operation_forget_kept(o);
    return CKR_OK;
  }
  if (o->kept == NULL) {
    o->kept = malloc(size);
    if (o->kept == NULL) return sr_refuse(CKR_HOST_MEMORY, "out of memory");
    memcpy(o->kept, result, size);
    o->kept_size = size;
    o->kept_for = fingerprint(step, in, in_size);
  }
  return sr_refuse(CKR_BUFFER_TOO_SMALL, "the result needs %zu bytes", size);
}

static bool has_kept(const struct sr_operation *o, uint64_t step, const CK_BYTE *in, CK_ULONG in_size) {
  return o->kept != NULL && o->kept_for == fingerprint(step, in, in_size);
}

// What every step but Init asks first. CKR_OK: go on.
static CK_RV check(struct sr_session *s, uint64_t use, const CK_BYTE *in, CK_ULONG in_size, bool out_is_missing) {
  if (s->operations[use].phase == SR_IDLE || s->operations[use].family != s->operations[use].caller)
    return sr_refuse(CKR_OPERATION_NOT_INITIALIZED, "the session has no operation of this kind");
  if ((in == NULL && in_size > 0) || out_is_missing)
    return sr_operation_give_up(s, use, sr_refuse(CKR_ARGUMENTS_BAD, "a pointer is NULL that must not be"));
  return CKR_OK;
}

static CK_RV check_whole(struct sr_session *s, uint64_t use) {
  if (s->operations[use].phase == SR_READY) return CKR_OK;
  return sr_operation_give_up(
      s, use, sr_refuse(CKR_OPERATION_ACTIVE, "an operation in parts can't be ended by the function for a whole one"));
}

static CK_RV check_parts(struct sr_session *s, uint64_t use) {
  struct sr_operation *o = &s->operations[use];
  if (o->phase != SR_READY || o->verdict.multipart) return CKR_OK;
  return sr_operation_give_up(
      s, use,
      sr_refuse(CKR_FUNCTION_NOT_SUPPORTED, "mechanism 0x%lx does not work in parts", (CK_ULONG)o->mechanism.number));
}

// Whether a signature or digest of known length can't fit: then the key need not be used to find out.
static bool surely_too_small(const struct sr_operation *o, uint64_t use, const CK_ULONG *out_size) {
  return (use == SR_USE_SIGN || use == SR_USE_DIGEST) && o->verdict.fixed > *out_size;
}

CK_RV sr_operation_whole(struct sr_session *s, uint64_t use, CK_BYTE_PTR in, CK_ULONG in_size, CK_BYTE_PTR out,
                         CK_ULONG_PTR out_size) {
  struct sr_operation *o = &s->operations[use];
  CK_RV rv = check(s, use, in, in_size, out_size == NULL);
  if (rv == CKR_OK) rv = check_whole(s, use);
  if (rv != CKR_OK) return rv;
  if (out == NULL) {
    *out_size = has_kept(o, STEP_WHOLE, in, in_size) ? o->kept_size : whole_length(o, in_size);
    return CKR_OK;
  }
  if (surely_too_small(o, use, out_size)) {
    *out_size = o->verdict.fixed;
    return sr_refuse(CKR_BUFFER_TOO_SMALL, "the result needs %lu bytes", *out_size);
  }
  if (has_kept(o, STEP_WHOLE, in, in_size)) {
    rv = give(o, STEP_WHOLE, in, in_size, o->kept, o->kept_size, out, out_size);
  } else {
    sr_operation_forget_kept(o);
    struct sr_result result = {0};
    rv = sr_stream_whole(s, use, in, in_size, NULL, &result);
    if (rv == CKR_OK) rv = give(o, STEP_WHOLE, in, in_size, result.data, result.size, out, out_size);
    sr_result_free(&result);
  }
  if (rv != CKR_BUFFER_TOO_SMALL) sr_operation_end(o);
  return rv;
}

CK_RV sr_operation_verify(struct sr_session *s, CK_BYTE_PTR in, CK_ULONG in_size, CK_BYTE_PTR signature,
                          CK_ULONG signature_size) {
  CK_RV rv = check(s, SR_USE_VERIFY, in, in_size, signature == NULL);
  if (rv == CKR_OK) rv = check_whole(s, SR_USE_VERIFY);
  if (rv != CKR_OK) return rv;
  struct sr_result nothing = {0};
  sr_bytes to_verify = {signature, signature_size, true};
  rv = sr_stream_whole(s, SR_USE_VERIFY, in, in_size, &to_verify, &nothing);
  sr_result_free(&nothing);
  sr_operation_end(&s->operations[SR_USE_VERIFY]);
  return rv;
}

bool sr_operation_collect(struct sr_operation *o, const CK_BYTE *in, CK_ULONG in_size) {
  if (in_size == 0) return true;
  // In steps of powers of two; small messages take little.
  size_t wanted = 1024, had = 1024;
  while (wanted < o->collected_size + in_size) wanted *= 2;
  while (had < o->collected_size) had *= 2;
  if (o->collected == NULL || wanted > had) {
    uint8_t *memory = malloc(wanted);
    if (memory == NULL) return false;
    if (o->collected != NULL) {
      memcpy(memory, o->collected, o->collected_size);
      explicit_bzero(o->collected, o->collected_size);
      free(o->collected);
    }
    o->collected = memory;
  }
  memcpy(o->collected + o->collected_size, in, in_size);
  o->collected_size += in_size;
  return true;
}

CK_RV sr_operation_update(struct sr_session *s, uint64_t use, CK_BYTE_PTR in, CK_ULONG in_size, CK_BYTE_PTR out,
                          CK_ULONG_PTR out_size) {
  struct sr_operation *o = &s->operations[use];
  CK_RV rv = check(s, use, in, in_size, out_size == NULL);
  if (rv == CKR_OK) rv = check_parts(s, use);
  if (rv != CKR_OK) return rv;
  bool kept = has_kept(o, STEP_UPDATE, in, in_size);
  if (out == NULL) {
    *out_size = kept ? o->kept_size : rest_length(o, in_size);
    return CKR_OK;
  }
  if (kept) return give(o, STEP_UPDATE, in, in_size, o->kept, o->kept_size, out, out_size);
  if (o->verdict.resends) {
    // Nothing comes out before the end, and the HSM may ask for all of it once more: it is kept here and sent then.
    o->phase = SR_COLLECTING;
    *out_size = 0;
    return sr_operation_collect(o, in, in_size)
               ? CKR_OK
               : sr_operation_give_up(s, use, sr_refuse(CKR_HOST_MEMORY, "out of memory"));
  }
  if (o->kept != NULL)
    return sr_operation_give_up(s, use,
                                sr_refuse(CKR_FUNCTION_FAILED, "the output of the part before was never fetched"));
  struct sr_result result = {0};
  rv = o->phase == SR_READY ? sr_stream_begin(s, use) : CKR_OK;
  if (rv == CKR_OK) rv = sr_stream_part(s, use, in, in_size, &result);
  o->total_out += result.size;
  if (rv == CKR_OK) rv = give(o, STEP_UPDATE, in, in_size, result.data, result.size, out, out_size);
  sr_result_free(&result);
  return rv == CKR_OK || rv == CKR_BUFFER_TOO_SMALL ? rv : sr_operation_give_up(s, use, rv);
}

// Sends what was collected as a part.
static CK_RV flush(struct sr_session *s, uint64_t use) {
  struct sr_operation *o = &s->operations[use];
  struct sr_result nothing = {0};
  CK_RV rv = o->phase == SR_COLLECTING || o->phase == SR_READY ? sr_stream_begin(s, use) : CKR_OK;
  if (rv == CKR_OK && o->collected_size > 0) rv = sr_stream_part(s, use, o->collected, o->collected_size, &nothing);
  sr_result_free(&nothing);
  forget_collected(o);
  return rv;
}

CK_RV sr_operation_absorb(struct sr_session *s, uint64_t use, CK_BYTE_PTR in, CK_ULONG in_size) {
  struct sr_operation *o = &s->operations[use];
  CK_RV rv = check(s, use, in, in_size, false);
  if (rv == CKR_OK) rv = check_parts(s, use);
  if (rv != CKR_OK) return rv;
  if (o->phase == SR_READY) o->phase = SR_COLLECTING;
  if (in_size <= SR_COLLECTED - o->collected_size)
    return sr_operation_collect(o, in, in_size)
               ? CKR_OK
               : sr_operation_give_up(s, use, sr_refuse(CKR_HOST_MEMORY, "out of memory"));
  struct sr_result nothing = {0};
  rv = flush(s, use);
  if (rv == CKR_OK) rv = sr_stream_part(s, use, in, in_size, &nothing);
  sr_result_free(&nothing);
  return rv == CKR_OK ? CKR_OK : sr_operation_give_up(s, use, rv);
}

CK_RV sr_operation_absorb_key(struct sr_session *s, CK_OBJECT_HANDLE key) {
  CK_RV rv = check(s, SR_USE_DIGEST, NULL, 0, false);
  if (rv == CKR_OK) rv = check_parts(s, SR_USE_DIGEST);
  if (rv != CKR_OK) return rv;
  rv = flush(s, SR_USE_DIGEST);
  if (rv == CKR_OK) rv = sr_stream_key(s, SR_USE_DIGEST, key);
  return rv == CKR_OK ? CKR_OK : sr_operation_give_up(s, SR_USE_DIGEST, rv);
}

// The end of an operation in parts: whole, if all of it is still here, else Finish.
static CK_RV finish(struct sr_session *s, uint64_t use, const sr_bytes *signature, struct sr_result *result) {
  struct sr_operation *o = &s->operations[use];
  if (o->phase != SR_STREAMING) return sr_stream_whole(s, use, o->collected, o->collected_size, signature, result);
  CK_RV rv = flush(s, use);
  bool again;  // asked only of input that was kept here, which goes as a whole
  return rv == CKR_OK ? sr_stream_finish(s, use, signature, result, &again) : rv;
}

CK_RV sr_operation_final(struct sr_session *s, uint64_t use, CK_BYTE_PTR out, CK_ULONG_PTR out_size) {
  struct sr_operation *o = &s->operations[use];
  CK_RV rv = check(s, use, NULL, 0, out_size == NULL);
  if (rv == CKR_OK) rv = check_parts(s, use);
  if (rv != CKR_OK) return rv;
  bool kept = has_kept(o, STEP_FINAL, NULL, 0);
  if (out == NULL) {
    *out_size = kept ? o->kept_size : rest_length(o, 0);
    return CKR_OK;
  }
  if (surely_too_small(o, use, out_size)) {
    *out_size = o->verdict.fixed;
    return sr_refuse(CKR_BUFFER_TOO_SMALL, "the result needs %lu bytes", *out_size);
  }
  if (kept) {
    rv = give(o, STEP_FINAL, NULL, 0, o->kept, o->kept_size, out, out_size);
  } else if (o->kept != NULL) {
    return sr_operation_give_up(s, use,
                                sr_refuse(CKR_FUNCTION_FAILED, "the output of the part before was never fetched"));
  } else {
    struct sr_result result = {0};
    rv = finish(s, use, NULL, &result);
    if (rv == CKR_OK) rv = give(o, STEP_FINAL, NULL, 0, result.data, result.size, out, out_size);
    sr_result_free(&result);
  }
  if (rv != CKR_BUFFER_TOO_SMALL) sr_operation_end(o);
  return rv;
}

CK_RV sr_operation_verify_final(struct sr_session *s, CK_BYTE_PTR signature, CK_ULONG signature_size) {
  CK_RV rv = check(s, SR_USE_VERIFY, NULL, 0, signature == NULL);
  if (rv == CKR_OK) rv = check_parts(s, SR_USE_VERIFY);
  if (rv != CKR_OK) return rv;
  struct sr_result nothing = {0};
  sr_bytes to_verify = {signature, signature_size, true};
  rv = finish(s, SR_USE_VERIFY, &to_verify, &nothing);
  sr_result_free(&nothing);
  sr_operation_end(&s->operations[SR_USE_VERIFY]);
  return rv;
}
