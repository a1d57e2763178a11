#include "combine.h"

#include <limits.h>
#include <linux/futex.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cluster.h"
#include "log.h"

enum { LINGER = 100000 };  // nanoseconds

// How long an answer may take before the connection is given up, by lane, in milliseconds.
static const uint64_t patience[] = {[SR_LANE_FAST] = 15000, [SR_LANE_COMMIT] = 60000, [SR_LANE_SLOW] = 300000};

void sr_link_init(struct sr_link *link, unsigned batch_limit, const _Atomic bool *interrupted) {
  pthread_mutex_init(&link->lock, NULL);
  link->first = link->last = NULL;
  atomic_init(&link->busy, false);
  atomic_init(&link->slow, false);
  atomic_init(&link->queued, 0);
  atomic_init(&link->bells[0], 0);
  atomic_init(&link->bells[1], 0);
  link->batches = 0;
  link->expected = 1;
  link->batch_limit = batch_limit;
  sr_connection_init(&link->connection, interrupted);
  link->home = 0;
  link->batch_size = 0;
  link->joined = NULL;
}

void sr_link_free(struct sr_link *link) {
  sr_connection_close(&link->connection, true);
  free(link->joined);
  link->joined = NULL;
  pthread_mutex_destroy(&link->lock);
}

static void futex_wait(_Atomic uint32_t *word, uint32_t expected) {
  syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, expected, NULL, NULL, 0);
}

static void futex_wake(_Atomic uint32_t *word) { syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, INT_MAX, NULL, NULL, 0); }

static void ring(_Atomic uint32_t *bell) {
  atomic_fetch_add(bell, 1);
  futex_wake(bell);
}

// Tells the calls, and wakes their owners with as few system calls as there are bells.
static void tell(struct sr_link *link, struct sr_call **calls, unsigned count, uint32_t state) {
  bool rings[2] = {false, false};
  for (unsigned i = 0; i < count; i++) {
    _Atomic uint32_t *word = &calls[i]->state, *bell = calls[i]->bell;
    atomic_store_explicit(word, state, memory_order_release);
    if (bell == word) futex_wake(word);  // the call may be gone already: point 6
    else rings[bell == &link->bells[1]] = true;
  }
  for (unsigned i = 0; i < 2; i++)
    if (rings[i]) ring(&link->bells[i]);
}

static void wait_until_told(struct sr_call *call) {
  _Atomic uint32_t *word = &call->state, *bell = call->bell;
  if (bell == word) {
    while (atomic_load_explicit(word, memory_order_acquire) == SR_CALL_WAITS) futex_wait(word, SR_CALL_WAITS);
    return;
  }
  for (;;) {
    uint32_t rung = atomic_load(bell);
    if (atomic_load_explicit(word, memory_order_acquire) != SR_CALL_WAITS) return;
    futex_wait(bell, rung);
  }
}

// The first of the queue is told to lead before the others are told anything, so it sleeps alone.
static void put_last(struct sr_link *link, struct sr_call *call) {
  call->next = NULL;
  call->bell = link->first == NULL ? &call->state : &link->bells[link->batches & 1];
  if (link->first == NULL) link->first = call;
  else link->last->next = call;
  link->last = call;
  atomic_fetch_add_explicit(&link->queued, 1, memory_order_relaxed);
}

// Takes calls off the queue, the leader's own first, as many as go well together: in number, and in bytes, so that the
// answers can't fill the pipe while we still write. A single frame may be of any size.
static void take_batch(struct sr_link *link) {
  size_t bytes = 0;
  link->batch_size = 0;
  pthread_mutex_lock(&link->lock);
  link->batches++;
  while (link->first != NULL && link->batch_size < link->batch_limit) {
    struct sr_call *call = link->first;
    if (link->batch_size > 0 && call->frame.size > SR_BATCH_BYTES - bytes) break;
    bytes = call->frame.size > SR_BATCH_BYTES ? SR_BATCH_BYTES : bytes + call->frame.size;
    link->first = call->next;
    link->batch[link->batch_size++] = call;
  }
  atomic_fetch_sub_explicit(&link->queued, link->batch_size, memory_order_relaxed);
  pthread_mutex_unlock(&link->lock);
  link->expected = link->batch_size;
}

// The callers of the batch before have just been told, and most of them call again at once. Without this the first of
// them would find the link free and lead a batch of one, while all others wait for its answer. So it steps back for
// them, as long as the queue grows; whoever yields for longer than LINGER has met another program's thread, and goes
// on.
static void linger(struct sr_link *link) {
  unsigned seen = 0, idle_steps = 0;
  uint64_t begun = sr_now_ns();
  while (idle_steps < 2) {
    unsigned queued = atomic_load_explicit(&link->queued, memory_order_relaxed);
    if (queued >= link->expected) return;
    idle_steps = queued > seen ? 0 : idle_steps + 1;
    seen = queued;
    sched_yield();
    if (sr_now_ns() - begun > LINGER) return;
  }
}

static void hand_over(struct sr_link *link) {
  pthread_mutex_lock(&link->lock);
  struct sr_call *heir = link->first;
  if (heir == NULL) atomic_store(&link->busy, false);
  pthread_mutex_unlock(&link->lock);
  if (heir != NULL) tell(link, &heir, 1, SR_CALL_LEADS);
}

static enum sr_io send_batch(struct sr_link *link, uint64_t deadline) {
  const uint8_t *data = link->batch[0]->frame.data;
  size_t size = link->batch[0]->frame.size;
  if (link->batch_size > 1) {
    if (link->joined == NULL) link->joined = malloc(SR_BATCH_BYTES);
    if (link->joined == NULL) return SR_IO_MEMORY;
    size = 0;
    for (unsigned i = 0; i < link->batch_size; i++) {
      memcpy(link->joined + size, link->batch[i]->frame.data, link->batch[i]->frame.size);
      size += link->batch[i]->frame.size;
    }
    data = link->joined;
  }
  enum sr_io io = sr_connection_send(&link->connection, data, size, deadline);
  if (data == link->joined) explicit_bzero(link->joined, size);  // frames may hold data to be encrypted
  return io;
}

// Answers mostly come in the order of the questions, so the search begins where the last one ended.
static struct sr_call *find_call(struct sr_link *link, uint64_t id, unsigned *hint) {
  for (unsigned i = 0; i < link->batch_size; i++) {
    unsigned at = (*hint + i) % link->batch_size;
    if (link->batch[at] != NULL && link->batch[at]->id == id) {
      struct sr_call *call = link->batch[at];
      link->batch[at] = NULL;
      *hint = at + 1;
      return call;
    }
  }
  return NULL;
}

// [id, rv, epoch, sequence, field…], or a text in place of the fields when rv is not CKR_OK.
static enum sr_io take_reply(struct sr_link *link, const uint8_t *frame, size_t size, unsigned *hint,
                             struct sr_call **answered) {
  sr_reader r = {.data = frame, .size = size};
  size_t count;
  uint64_t id, rv, epoch, sequence;
  if (!sr_get_array(&r, &count) || count < 4 || !sr_get_uint(&r, &id) || !sr_get_uint(&r, &rv) ||
      !sr_get_uint(&r, &epoch) || !sr_get_uint(&r, &sequence))
    return SR_IO_MALFORMED;
  sr_bytes cause = {0};
  if (rv != CKR_OK && (count != 5 || !sr_get_text(&r, &cause, 1024) || r.offset != r.size)) return SR_IO_MALFORMED;
  struct sr_call *call = find_call(link, id, hint);
  if (call == NULL) return SR_IO_MALFORMED;
  sr_cluster_saw(call->cluster, epoch, sequence);
  call->rv = rv;
  call->outcome = SR_ANSWERED;
  if (cause.size > 0) snprintf(call->cause, sizeof call->cause, "%.*s", (int)cause.size, (const char *)cause.data);
  else call->cause[0] = '\0';
  if (rv == CKR_OK && !sr_call_take_body(call, frame + r.offset, size - r.offset)) call->outcome = SR_NO_MEMORY;
  *answered = call;
  return SR_IO_OK;
}

static const char *describe(enum sr_io io) {
  switch (io) {
    case SR_IO_CLOSED:
      return "the HSM closed the connection";
    case SR_IO_TIMEOUT:
      return "no answer in time";
    case SR_IO_MALFORMED:
      return "the HSM sent a malformed frame";
    case SR_IO_MEMORY:
      return "out of memory";
    default:
      return "no reason known";
  }
}

static void fail_batch(struct sr_link *link, struct sr_call *own, enum sr_outcome outcome, const char *cause) {
  unsigned others = 0;
  for (unsigned i = 0; i < link->batch_size; i++) {
    struct sr_call *call = link->batch[i];
    if (call == NULL) continue;
    call->outcome = outcome;
    snprintf(call->cause, sizeof call->cause, "%s", cause);
    if (call != own) link->batch[others++] = call;
  }
  link->batch_size = 0;
  tell(link, link->batch, others, SR_CALL_DONE);
}

// Reads until every call of the batch is answered. Calls answered by the same read are told together, and those of the
// last one only after the lead has been handed over, so that the next batch leaves before anybody else is woken.
static enum sr_io read_batch(struct sr_link *link, struct sr_call *own, uint64_t deadline, struct sr_call **told_late,
                             unsigned *late) {
  unsigned left = link->batch_size, hint = 0;
  *late = 0;
  while (left > 0) {
    const uint8_t *frame;
    size_t size;
    struct sr_call *call = NULL;
    enum sr_io io = sr_connection_frame(&link->connection, deadline, &frame, &size);
    if (io == SR_IO_OK) io = take_reply(link, frame, size, &hint, &call);
    if (io != SR_IO_OK) return io;
    left--;
    if (call != own) told_late[(*late)++] = call;
    if (left > 0 && !sr_connection_has_frame(&link->connection)) {
      tell(link, told_late, *late, SR_CALL_DONE);
      *late = 0;
    }
  }
  return SR_IO_OK;
}

static enum sr_outcome ensure_connected(struct sr_link *link, struct sr_cluster *cluster, char *error,
                                        size_t error_size) {
  struct sr_connection *c = &link->connection;
  if (sr_connection_is_open(c) && link->home == sr_cluster_home(cluster) && !sr_connection_has_ended(c))
    return SR_ANSWERED;
  sr_connection_close(c, false);
  return sr_cluster_connect(cluster, link, error, error_size);
}

static void lead(struct sr_link *link, struct sr_call *own) {
  char error[sizeof own->cause] = "";
  struct sr_call *told_late[SR_BATCH];
  unsigned late = 0;
  enum sr_outcome connected = ensure_connected(link, own->cluster, error, sizeof error);
  if (link->expected > 1) linger(link);
  take_batch(link);
  if (connected != SR_ANSWERED) {
    fail_batch(link, own, connected, error);
    hand_over(link);
    return;
  }
  enum sr_lane lane = SR_LANE_FAST;
  for (unsigned i = 0; i < link->batch_size; i++)
    if (link->batch[i]->lane > lane) lane = link->batch[i]->lane;
  atomic_store_explicit(&link->slow, lane != SR_LANE_FAST, memory_order_relaxed);
  uint64_t deadline = sr_now() + patience[lane];
  enum sr_io io = send_batch(link, deadline);
  if (io == SR_IO_OK && lane == SR_LANE_FAST &&
      atomic_load_explicit(&own->cluster->in_flight, memory_order_relaxed) == 1)
    sr_connection_watch(&link->connection);
  if (io == SR_IO_OK) io = read_batch(link, own, deadline, told_late, &late);
  if (io == SR_IO_OK) {
    sr_connection_wipe(&link->connection);
  } else {
    sr_connection_close(&link->connection, false);
    sr_log(SR_LOG_WARN, "connection lost: %s", describe(io));
    fail_batch(link, own, io == SR_IO_MEMORY ? SR_NO_MEMORY : SR_LOST, describe(io));
  }
  hand_over(link);
  tell(link, told_late, late, SR_CALL_DONE);
}

void sr_link_exchange(struct sr_link *link, struct sr_call *call) {
  atomic_store_explicit(&call->state, SR_CALL_WAITS, memory_order_relaxed);
  pthread_mutex_lock(&link->lock);
  put_last(link, call);
  bool leads = !atomic_load_explicit(&link->busy, memory_order_relaxed);
  if (leads) atomic_store_explicit(&link->busy, true, memory_order_relaxed);
  pthread_mutex_unlock(&link->lock);
  if (!leads) {
    wait_until_told(call);
    leads = atomic_load_explicit(&call->state, memory_order_relaxed) == SR_CALL_LEADS;
  }
  if (leads) lead(link, call);
}

enum sr_io sr_link_direct(struct sr_link *link, struct sr_call *call, uint64_t deadline) {
  const uint8_t *frame;
  size_t size;
  unsigned hint = 0;
  struct sr_call *answered;
  link->batch[0] = call;
  link->batch_size = 1;
  enum sr_io io = sr_connection_send(&link->connection, call->frame.data, call->frame.size, deadline);
  if (io == SR_IO_OK) io = sr_connection_frame(&link->connection, deadline, &frame, &size);
  if (io == SR_IO_OK) io = take_reply(link, frame, size, &hint, &answered);
  if (io != SR_IO_OK) snprintf(call->cause, sizeof call->cause, "%s", describe(io));
  link->batch_size = 0;
  return io;
}
