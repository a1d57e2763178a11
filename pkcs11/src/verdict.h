// Verdicts: what the HSM said to Prepare. Kept, they save C_SignInit its round trip. The HSM judges again at Perform,
// so an old verdict can make an error come later (from C_Sign instead of C_SignInit), never let something through.
//
// A verdict is known by login, use, key and mechanism. Of an IV or associated data only the length counts, and whether
// the IV is all zero (which asks the HSM to draw one): they differ in every call and do not change the verdict.
// It is dropped when the login or the cluster's epoch changes, when its key is changed through this library, when a
// session ends and its key is a session object, and when the HSM refuses the operation. Bounded: 2,048 places, a new
// verdict takes the place of an old one with the same hash.
#ifndef STRONGROOM_VERDICT_H
#define STRONGROOM_VERDICT_H

#include <pthread.h>

#include "protocol.g.h"

enum { SR_VERDICTS = 2048 };

struct sr_verdict_key {
  uint64_t login, epoch, use, key, number, shape, iv_size, iv_is_zero, has_aad, bits, hash, mgf, length;
};

struct sr_verdict_entry {
  struct sr_verdict_key key;
  sr_prepare_reply verdict;
  bool used;
};

struct sr_verdicts {
  pthread_mutex_t lock;  // guards the entries; held for a comparison and a copy
  struct sr_verdict_entry *entries;
  bool on_session_objects;  // whether any entry may be of a session object
};

bool sr_verdicts_init(struct sr_verdicts *verdicts);
void sr_verdicts_free(struct sr_verdicts *verdicts);

struct sr_verdict_key sr_verdict_key_of(uint64_t login, uint64_t epoch, uint64_t use, uint64_t key,
                                        const sr_mechanism *mechanism);
bool sr_verdicts_find(struct sr_verdicts *verdicts, const struct sr_verdict_key *key, sr_prepare_reply *out);
void sr_verdicts_keep(struct sr_verdicts *verdicts, const struct sr_verdict_key *key, const sr_prepare_reply *verdict);
// Forgets every verdict on the object.
void sr_verdicts_drop(struct sr_verdicts *verdicts, uint64_t object);
// The same for all session objects: a session that ends takes its objects along, and only the HSM knows which.
void sr_verdicts_drop_session_objects(struct sr_verdicts *verdicts);

#endif
