// The instance: what exists between C_Initialize and C_Finalize in one process.
#ifndef STRONGROOM_INSTANCE_H
#define STRONGROOM_INSTANCE_H

#include <stdatomic.h>
#include <stdbool.h>

#include "cluster.h"
#include "config.h"
#include "session.h"

struct sr_instance {
  struct sr_config *config;
  struct sr_instance_key *key;
  uint8_t public_key[32];
  _Atomic bool closing;  // C_Finalize has begun: waits end
  struct sr_session_table sessions;
  unsigned cluster_count;
  struct sr_cluster clusters[SR_MAX_CLUSTERS];
  struct sr_instance *previous;  // in a forked child: the parent's, given up
};

CK_RV sr_instance_start(void);
CK_RV sr_instance_stop(void);

// In a forked child: closes the inherited descriptors without a word to the HSM, and forgets the instance. Its memory
// is not freed, since other threads of the parent may have been about to change it; nor are the TLS objects, whose
// close_notify would end the parent's connections.
void sr_instance_abandon(void);

// The instance for the length of one C_ function; NULL when there is none. Each sr_instance_enter that gave one needs
// its sr_instance_leave: C_Finalize waits for it.
struct sr_instance *sr_instance_enter(void);
void sr_instance_leave(void);

struct sr_cluster *sr_instance_cluster(struct sr_instance *instance, CK_SLOT_ID slot);
CK_SLOT_ID sr_slot_of(const struct sr_cluster *cluster);

// Remembers the cluster's key that was seen first, where the configuration names none, for the life of the process.
// Returns false when another one was seen before.
bool sr_instance_pin(struct sr_cluster *cluster, const uint8_t hash[32]);

#endif
