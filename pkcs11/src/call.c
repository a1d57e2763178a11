#include "call.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cluster.h"
#include "instance.h"
#include "log.h"

void sr_call_begin(struct sr_call *call, struct sr_cluster *cluster, enum sr_lane lane, enum sr_retry retry) {
  call->cluster = cluster;
  call->lane = lane;
  call->retry = retry;
  call->id = atomic_fetch_add(&cluster->last_id, 1) + 1;
  call->epoch = atomic_load(&cluster->epoch);
  call->sequence = atomic_load(&cluster->sequence);
  call->attempts = 0;
  call->rv = CKR_OK;
  call->body = NULL;
  call->body_size = 0;
  call->cause[0] = '\0';
  call->arena = (sr_arena){0};
  sr_writer_init(&call->frame, call->frame_inline, sizeof call->frame_inline);
}

void sr_call_end(struct sr_call *call) {
  sr_writer_free(&call->frame);
  sr_arena_free(&call->arena);
  if (call->body != NULL) {
    explicit_bzero(call->body, call->body_size);
    if (call->body != call->body_inline) free(call->body);
    call->body = NULL;
  }
}

bool sr_call_take_body(struct sr_call *call, const uint8_t *body, size_t size) {
  call->body = size <= sizeof call->body_inline ? call->body_inline : malloc(size);
  if (call->body == NULL) return false;
  memcpy(call->body, body, size);
  call->body_size = size;
  call->reader = (sr_reader){.data = call->body, .size = size};
  return true;
}

CK_RV sr_call_malformed(struct sr_call *call) {
  (void)call;
  return sr_refuse(CKR_DEVICE_ERROR, "the HSM's answer does not have the form that the protocol gives it");
}

static void sleep_milliseconds(uint64_t n) {
  struct timespec t = {.tv_sec = (time_t)(n / 1000), .tv_nsec = (long)(n % 1000) * 1000000};
  nanosleep(&t, NULL);
}

// 5, 10, 20 … 250 ms, spread by the call's number so that threads don't come back in step.
static uint64_t pause_before(unsigned attempt, uint64_t id) {
  uint64_t pause = attempt >= 6 ? 250 : 5u << attempt;
  return pause / 2 + id * 2654435761u % (pause / 2 + 1);
}

// One attempt over the link that suits now. Only the connecting thread knows how it went: all else is in the call.
static void attempt(struct sr_call *call) {
  struct sr_cluster *cluster = call->cluster;
  struct sr_link *link = sr_cluster_choose(cluster, call->lane);
  call->attempts++;
  sr_link_exchange(link, call);
  atomic_fetch_sub_explicit(&cluster->in_flight, 1, memory_order_relaxed);
}

// The budget. A call goes on trying for retry_milliseconds. When the HSM has been away for longer than that already,
// one try is all: an application that is not served should learn it soon.
static bool may_try_again(const struct sr_call *call, uint64_t started) {
  struct sr_cluster *cluster = call->cluster;
  uint64_t budget = cluster->instance->config->retry_milliseconds, now = sr_now();
  if (atomic_load(&cluster->instance->closing)) return false;
  if (now - started >= budget) return false;
  uint64_t down_since = sr_cluster_down_since(cluster);
  return call->outcome == SR_LOST || down_since == 0 || now - down_since < budget;
}

CK_RV sr_call_run(struct sr_call *call) {
  if (call->frame.failed)
    return sr_refuse(call->frame.size > SR_WRITER_LIMIT / 2 ? CKR_DATA_LEN_RANGE : CKR_HOST_MEMORY,
                     "the request does not fit into a frame, or memory is short");
  uint64_t started = sr_now();
  for (;;) {
    attempt(call);
    if (call->outcome == SR_ANSWERED) break;
    if (call->outcome == SR_NO_MEMORY) return sr_refuse(CKR_HOST_MEMORY, "out of memory");
    if (call->outcome == SR_UNTRUSTED) return sr_refuse(CKR_DEVICE_ERROR, "%s", call->cause);
    if (call->outcome == SR_LOST && call->retry == SR_RETRY_UNSENT)
      return sr_refuse(CKR_DEVICE_ERROR, "the answer was lost and the request can't be repeated: %s", call->cause);
    if (!may_try_again(call, started)) return sr_refuse(CKR_DEVICE_ERROR, "no HSM answers: %s", call->cause);
    // A lost connection is made anew at once; only an HSM that can't be reached is waited for.
    if (call->outcome == SR_UNREACHABLE || call->attempts > 1)
      sleep_milliseconds(pause_before(call->attempts, call->id));
  }
  if (call->rv == CKR_OK) return CKR_OK;
  return sr_refuse((CK_RV)call->rv, "%s", call->cause[0] != '\0' ? call->cause : "the HSM gave no cause");
}
