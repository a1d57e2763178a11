// A scriptable HSM for what a real one does not do on demand: closing in the middle, half frames, wrong ids. It runs in
// a process of its own, speaks the real protocol over TLS 1.3, and computes nothing worth the name: a "signature" is
// SHA-256 of the data twice over, "encryption" an XOR. What cryptography does is tested against the real HSM.
#ifndef STRONGROOM_MOCK_HSM_H
#define STRONGROOM_MOCK_HSM_H

#include <stdatomic.h>
#include <stdint.h>
#include <sys/types.h>

enum mock_fault {
  MOCK_NONE,
  MOCK_CLOSE,       // closes instead of answering
  MOCK_HALF,        // half of the answer, then closes
  MOCK_WRONG_ID,    // an answer to a question nobody asked
  MOCK_TWICE,       // the same answer twice
  MOCK_OVERSIZED,   // a frame of 3 GiB, as it says
  MOCK_GARBAGE,     // a frame that is not CBOR
  MOCK_LATE_CLOSE,  // answers, does the work, closes before the answer leaves (as a killed HSM does)
  MOCK_FAULTS
};

// Shared between the test and the mock.
struct mock_control {
  _Atomic int fault;                // what happens to the frames of `fault_function`
  _Atomic uint64_t fault_function;  // SR_FUNCTION_…; 0: to none
  _Atomic int fault_every;          // to each n-th of them; 0: to the next one only, once
  _Atomic uint64_t seen;            // of them
  _Atomic int delay_microseconds;   // before the answers of one read leave
  _Atomic int refuse;               // closes new connections at once, like an HSM that is starting
  _Atomic int moved_from;           // 1: its first address answers no more, 2: its second
  _Atomic int drop_all;             // raised to close every connection
  _Atomic int forget_ticket;        // refuses the ticket at Attach
  _Atomic uint64_t connections, live, frames, reads, largest_batch, logins, creations, attached_with_ticket;
  _Atomic uint64_t epoch, sequence;
  _Atomic uint64_t counts[256];  // frames by function
};

struct mock_hsm {
  pid_t pid;
  int port, other_port;  // it listens at both; the configuration names the first
  struct mock_control *control;
  char directory[64];  // of the certificates and the configuration
  char config[128];    // its path
};

// How long the certificates of those started from now on are good; negative: they have ended.
extern int mock_certificate_seconds;

// What the configurations of those started from now on say of how long a call goes on trying.
extern int mock_retry_seconds;

// Starts one; key_hash_in_config: whether the configuration names the cluster's key.
void mock_start(struct mock_hsm *hsm, int key_hash_in_config);
void mock_stop(struct mock_hsm *hsm);
void mock_reset(struct mock_hsm *hsm);

#endif
