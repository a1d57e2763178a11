// One TLS connection to one HSM: bytes in, whole frames out. Used by one thread at a time (the leader of its link,
// combine.h); only `fd` is also looked at by fork, under the fork lock.
#ifndef STRONGROOM_CONNECTION_H
#define STRONGROOM_CONNECTION_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "config.h"
#include "tls.h"

enum sr_io { SR_IO_OK, SR_IO_CLOSED, SR_IO_TIMEOUT, SR_IO_MALFORMED, SR_IO_MEMORY, SR_IO_UNTRUSTED };

struct sr_connection {
  _Atomic int fd;  // -1: not open
  struct sr_tls *tls;
  uint8_t *received;  // ciphertext as it comes from the socket
  uint8_t *inbox;     // plaintext: [start, end) is not yet taken
  size_t start, end, capacity;
  uint64_t last_used;               // milliseconds, CLOCK_MONOTONIC
  unsigned watch_misses;            // how often in a row watching was in vain
  unsigned watch_rest;              // how often it is not tried any more because of that
  const _Atomic bool *interrupted;  // set by C_Finalize: give up at the next tick
};

uint64_t sr_now(void);     // milliseconds, CLOCK_MONOTONIC
uint64_t sr_now_ns(void);  // the same in nanoseconds

void sr_connection_init(struct sr_connection *c, const _Atomic bool *interrupted);
// Connects and shakes hands. `key_hash` gets the hash of the key that the server proved.
enum sr_io sr_connection_open(struct sr_connection *c, const struct sr_hsm_address *address,
                              struct sr_tls_context *context, uint64_t deadline, uint8_t key_hash[32], char *error,
                              size_t error_size);
bool sr_connection_is_open(const struct sr_connection *c);
// Whether the peer has closed an idle connection; asked before something is sent that must not be sent twice.
bool sr_connection_has_ended(struct sr_connection *c);
// Sends all of it in as few TLS records as there can be. Reads while it can't write, so that two full pipes don't wait
// for each other.
enum sr_io sr_connection_send(struct sr_connection *c, const uint8_t *data, size_t size, uint64_t deadline);
// Waits a moment for the answer without going to sleep. To fall asleep and to be woken takes longer than the HSM takes
// for a signature on a curve; a thread that is alone and whose answers come that fast had better look again and again.
// Another program's thread that wants the processor gets it, and where answers take longer this is soon given up.
void sr_connection_watch(struct sr_connection *c);
// The next frame without its length; valid until the next call.
enum sr_io sr_connection_frame(struct sr_connection *c, uint64_t deadline, const uint8_t **frame, size_t *size);
// Whether another whole frame is here already, so that taking it needs no system call.
bool sr_connection_has_frame(const struct sr_connection *c);
// Wipes plaintext that has been taken; called when nothing is in flight.
void sr_connection_wipe(struct sr_connection *c);
// polite: with close_notify.
void sr_connection_close(struct sr_connection *c, bool polite);

#endif
