// One request and its answer. A call lives on the stack of the thread that makes it; while it waits in a link's queue
// other threads may write its answer (combine.h).
#ifndef STRONGROOM_CALL_H
#define STRONGROOM_CALL_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "cbor.h"
#include "pkcs11.h"

struct sr_cluster;

// Which links may carry it, how long it may take, and with what it may be combined. See sr_link_choose in combine.h.
enum sr_lane {
  SR_LANE_FAST,    // answered at once
  SR_LANE_COMMIT,  // waits for the store
  SR_LANE_SLOW,    // key pairs, password hashing
};

enum sr_retry {
  SR_RETRY_ALWAYS,  // doing it twice is as good as once, or it carries a creation's number
  SR_RETRY_UNSENT,  // a second time would be different: only while nothing of it was sent
};

enum sr_outcome {
  SR_ANSWERED,
  SR_UNREACHABLE,  // no HSM could be reached; nothing was sent
  SR_LOST,         // sent, perhaps in part; the connection ended before the answer
  SR_UNTRUSTED,    // reached someone who is not our cluster; nothing was sent
  SR_NO_MEMORY,
};

enum { SR_CALL_WAITS, SR_CALL_LEADS, SR_CALL_DONE };

struct sr_call {
  struct sr_cluster *cluster;
  enum sr_lane lane;
  enum sr_retry retry;
  uint64_t id, epoch, sequence;
  unsigned attempts;
  sr_writer frame;

  // The answer. Written by the leader, read by the owner after `state` says SR_CALL_DONE.
  enum sr_outcome outcome;
  uint64_t rv;
  uint8_t *body;  // the fields after the first four, when rv is CKR_OK
  size_t body_size;
  char cause[192];

  struct sr_call *next;    // in the link's queue; under the link's lock
  _Atomic uint32_t state;  // SR_CALL_…
  _Atomic uint32_t *bell;  // the futex its owner sleeps on: `state`, or one of the link's; set under the link's lock

  sr_reader reader;
  sr_arena arena;
  uint8_t frame_inline[512];
  uint8_t body_inline[512];
};

void sr_call_begin(struct sr_call *call, struct sr_cluster *cluster, enum sr_lane lane, enum sr_retry retry);
// Sends call->frame and waits for the answer, reconnecting and retrying within the cluster's budget. Returns the HSM's
// return value, with the cause logged, or CKR_DEVICE_ERROR and its like when there is no answer.
CK_RV sr_call_run(struct sr_call *call);
// The answer did not have the fields it should have.
CK_RV sr_call_malformed(struct sr_call *call);
// Frees and wipes; to be called whatever became of the call.
void sr_call_end(struct sr_call *call);

// Used by the leader: keeps a copy of the answer's fields. False when out of memory.
bool sr_call_take_body(struct sr_call *call, const uint8_t *body, size_t size);

#endif
