// Links: a few connections shared by all threads, with combining.
//
// The thread that finds a link free becomes its leader. It takes the calls that wait in the link's queue, writes all
// their frames in one TLS record (as far as they fit into one), reads until each of them is answered, and hands over
// the lead. The HSM answers all the frames that it has read with one write. So under load one send, one recv and one
// wake-up of each side serve many calls; at most one batch is in flight a link, which is what lets batches grow.
// Measured with 64 threads: a connection a thread 31k signatures a second and waits of up to 0.9 s; two links 60k and
// 10 ms.
//
// Why no wake-up is lost:
//  1. `busy` and the queue change only under the link's lock. A call is queued and `busy` is read in one critical
//     section: either the link was free, and this thread leads; or there is a leader that has not yet given up the
//     lead.
//  2. A leader gives up the lead only in one critical section in which it looks at the queue. If the queue is empty,
//     `busy` becomes false; later comers see that (1). If not, `busy` stays true and the first call of the queue is
//     told to lead. So whenever a call is queued, there is a leader, or a call that has been told to lead.
//  3. Each batch ends: every wait inside it has a deadline, after which the connection is closed and the batch's calls
//     are told SR_LOST. So every leader comes to (2).
//  4. A leader's batch starts with its own call, the first of the queue. So each hand-over takes a call out of the
//     queue, and every queued call is reached.
//  5. Telling is a release store into the call's `state` followed by a futex wake of its bell. The first of a queue has
//     its own `state` for a bell: waiting is `while (state is WAITS) futex_wait(state, WAITS)`. The others share one of
//     the link's two, a counter that is raised between store and wake: waiting is `read the counter; if state is WAITS,
//     futex_wait(counter, what was read)`. The kernel compares the word and sleeps in one step with respect to the
//     wake. So whoever saw WAITS either finds the word changed and does not sleep, or sleeps before the wake, which
//     arrives. A bell wakes all who sleep on it; who was not told sleeps again.
//  6. After the store the call's owner may return and its stack be used for something else. The wake that follows then
//     hits an address where nobody, or another waiter, sleeps; every waiter checks its word again, so this is harmless.
//     A leader reads nothing of a call after the store. The link's bells live as long as the link.
//  7. Lingering (linger) only puts off a leader's batch, by a bounded number of steps; nobody waits for it.
//  8. A thread that is cancelled while it leads or is queued would break all this: cancellation is off inside every C_
//     function (sr_instance_enter).
#ifndef STRONGROOM_COMBINE_H
#define STRONGROOM_COMBINE_H

#include <pthread.h>

#include "call.h"
#include "connection.h"

// Links 0 and 1 are shared by all threads for fast calls; 0 to 3 are used singly while at most four calls are in
// flight; 2 and 3 carry what waits for the store; 4 to 7 carry slow calls, one at a time, so that nothing waits behind
// one.
enum { SR_LINKS = 8, SR_SHARED_LINKS = 2, SR_SINGLE_LINKS = 4, SR_BATCH = 128, SR_BATCH_BYTES = 64 << 10 };

struct sr_link {
  pthread_mutex_t lock;   // guards the queue and changes of `busy`
  unsigned batches;       // begun
  struct sr_call *first;  // the queue
  struct sr_call *last;
  _Atomic bool busy;        // there is a leader; read without the lock only to choose a link
  _Atomic bool slow;        // the batch in flight is not of the fast lane; only to choose a link
  _Atomic unsigned queued;  // calls in the queue; read without the lock only to linger
  unsigned batch_limit;     // calls
  // Counters, each the futex of those who are likely to be in one batch: they are woken by one system call instead of
  // one each. The two take turns.
  _Atomic uint32_t bells[2];

  // The leader's alone; handed over by the lock.
  struct sr_connection connection;
  uint64_t home;  // the cluster's home count when the connection was made
  struct sr_call *batch[SR_BATCH];
  unsigned batch_size;
  unsigned expected;  // the size of the batch before: as many calls are likely to come again
  uint8_t *joined;    // frames of a batch side by side; SR_BATCH_BYTES
};

void sr_link_init(struct sr_link *link, unsigned batch_limit, const _Atomic bool *interrupted);
void sr_link_free(struct sr_link *link);

// Sends the call's frame over this link and returns when it is answered or lost.
void sr_link_exchange(struct sr_link *link, struct sr_call *call);

// The same for the frames of connecting (Hello, Attach), made by the leader itself.
enum sr_io sr_link_direct(struct sr_link *link, struct sr_call *call, uint64_t deadline);

#endif
