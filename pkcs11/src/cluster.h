// A configured cluster: the slot's other side. Where its HSMs are, which one is home, the login's ticket, what the
// HSM said of its mechanisms, and the links.
#ifndef STRONGROOM_CLUSTER_H
#define STRONGROOM_CLUSTER_H

#include <pthread.h>
#include <stdatomic.h>

#include "combine.h"
#include "config.h"
#include "protocol.g.h"
#include "tls.h"
#include "verdict.h"

struct sr_instance;

struct sr_cluster {
  struct sr_instance *instance;
  unsigned index;
  const struct sr_cluster_config *config;  // fixed for the instance's life; `hsms` below may be newer

  struct sr_link links[SR_LINKS];
  _Atomic unsigned in_flight;  // calls that have chosen a link and not returned
  _Atomic unsigned turn;       // for choosing among busy links

  _Atomic uint64_t last_id;        // of requests
  _Atomic uint64_t last_creation;  // of creations: a retry carries the number of the first try
  _Atomic uint64_t epoch;          // the newest position seen in a reply; raised under `lock`, read without it:
  _Atomic uint64_t sequence;       // a reader that sees half of a change sends an older position, which is harmless
  _Atomic uint64_t home_count;     // raised when another HSM becomes home, and every link must connect anew
  _Atomic uint64_t login_count;    // raised at each login and logout: verdicts of one login are not another's
  _Atomic uint64_t renew_at;       // sr_now() at which the ticket wants to be renewed; 0: there is none
  _Atomic unsigned sessions, rw_sessions;

  struct sr_verdicts verdicts;

  pthread_mutex_t lock;  // guards what follows; never held across a call into OpenSSL or a wait
  struct sr_tls_context *tls;
  struct sr_hsm_address hsms[SR_MAX_HSMS];
  unsigned hsm_count;
  unsigned home;          // index into hsms
  uint64_t down_since;    // sr_now() of the first failed try to connect since the last good one; 0: up
  uint64_t hsms_read_at;  // when the configuration was last looked at again
  uint8_t ticket[512];
  size_t ticket_size;
  bool connected_once;
  sr_mechanism_info *mechanisms;  // sorted by number
  size_t mechanism_count;
};

bool sr_cluster_init(struct sr_cluster *cluster, struct sr_instance *instance, unsigned index,
                     const struct sr_cluster_config *config);
// Says goodbye to the HSM, if it is there, and frees everything.
void sr_cluster_end(struct sr_cluster *cluster);

// For the leader of a link: connects to the home HSM, else to the others; Hello; Attach with the ticket.
enum sr_outcome sr_cluster_connect(struct sr_cluster *cluster, struct sr_link *link, char *error, size_t error_size);
uint64_t sr_cluster_home(const struct sr_cluster *cluster);
void sr_cluster_saw(struct sr_cluster *cluster, uint64_t epoch, uint64_t sequence);
uint64_t sr_cluster_down_since(struct sr_cluster *cluster);

// The link that a call of this lane should take now.
struct sr_link *sr_cluster_choose(struct sr_cluster *cluster, enum sr_lane lane);

// The number of a new creation. A retry carries the number of its first try, so that by whatever connection it comes it
// makes no second object.
uint64_t sr_cluster_next_creation(struct sr_cluster *cluster);

// The login's ticket.
void sr_cluster_keep_ticket(struct sr_cluster *cluster, const sr_bytes *ticket, uint64_t lifetime_seconds);
void sr_cluster_drop_ticket(struct sr_cluster *cluster);
// Renews it when half of its life is over. In passing, by one of the threads that call: there is none of our own.
void sr_cluster_renew_ticket(struct sr_cluster *cluster);

// The HSM's mechanisms, asked for once. A copy of one mechanism's details, or CKR_MECHANISM_INVALID.
CK_RV sr_cluster_mechanism(struct sr_cluster *cluster, CK_MECHANISM_TYPE number, sr_mechanism_info *out);
// All numbers, by the standard's rules for a list of unknown length.
CK_RV sr_cluster_mechanism_list(struct sr_cluster *cluster, CK_MECHANISM_TYPE *list, CK_ULONG *count);

#endif
