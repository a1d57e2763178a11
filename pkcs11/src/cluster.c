#include "cluster.h"

#include <stdlib.h>
#include <string.h>

#include "exchange.h"
#include "instance.h"
#include "log.h"

bool sr_cluster_init(struct sr_cluster *cluster, struct sr_instance *instance, unsigned index,
                     const struct sr_cluster_config *config) {
  memset(cluster, 0, sizeof *cluster);
  cluster->instance = instance;
  cluster->index = index;
  cluster->config = config;
  memcpy(cluster->hsms, config->hsms, sizeof cluster->hsms);
  cluster->hsm_count = config->hsm_count;
  pthread_mutex_init(&cluster->lock, NULL);
  for (unsigned i = 0; i < SR_LINKS; i++)
    sr_link_init(&cluster->links[i], i < SR_SINGLE_LINKS ? SR_BATCH : 1, &instance->closing);
  return sr_verdicts_init(&cluster->verdicts);
}

void sr_cluster_end(struct sr_cluster *cluster) {
  // C_Finalize's goodbye frees the sessions in the HSM at once; without it they end with the connections.
  for (unsigned i = 0; i < SR_LINKS; i++) sr_link_free(&cluster->links[i]);
  sr_tls_context_free(cluster->tls);
  free(cluster->mechanisms);
  sr_verdicts_free(&cluster->verdicts);
  explicit_bzero(cluster->ticket, sizeof cluster->ticket);
  pthread_mutex_destroy(&cluster->lock);
}

uint64_t sr_cluster_next_creation(struct sr_cluster *cluster) {
  return atomic_fetch_add(&cluster->last_creation, 1) + 1;
}

uint64_t sr_cluster_home(const struct sr_cluster *cluster) { return atomic_load(&cluster->home_count); }

void sr_cluster_saw(struct sr_cluster *cluster, uint64_t epoch, uint64_t sequence) {
  uint64_t e = atomic_load(&cluster->epoch), s = atomic_load(&cluster->sequence);
  if (epoch < e || (epoch == e && sequence <= s)) return;
  pthread_mutex_lock(&cluster->lock);
  e = atomic_load(&cluster->epoch);
  s = atomic_load(&cluster->sequence);
  if (epoch > e || (epoch == e && sequence > s)) {
    atomic_store(&cluster->epoch, epoch);
    atomic_store(&cluster->sequence, sequence);
  }
  pthread_mutex_unlock(&cluster->lock);
}

uint64_t sr_cluster_down_since(struct sr_cluster *cluster) {
  pthread_mutex_lock(&cluster->lock);
  uint64_t since = cluster->down_since;
  pthread_mutex_unlock(&cluster->lock);
  return since;
}

static struct sr_link *idle_of(struct sr_cluster *cluster, unsigned from, unsigned to) {
  for (unsigned i = from; i < to; i++)
    if (!atomic_load_explicit(&cluster->links[i].busy, memory_order_relaxed)) return &cluster->links[i];
  return NULL;
}

// Whether a link is busy may change right after it was asked: the choice is then less good, never wrong.
struct sr_link *sr_cluster_choose(struct sr_cluster *cluster, enum sr_lane lane) {
  unsigned others = atomic_fetch_add_explicit(&cluster->in_flight, 1, memory_order_relaxed);
  struct sr_link *links = cluster->links, *idle = NULL;
  // Alone: one connection does for everything, and a program of one thread makes no second one.
  if (others == 0 && !atomic_load_explicit(&links[0].busy, memory_order_relaxed)) return &links[0];
  unsigned turn = atomic_fetch_add_explicit(&cluster->turn, 1, memory_order_relaxed);
  switch (lane) {
    case SR_LANE_FAST: {
      if (others < SR_SINGLE_LINKS) idle = idle_of(cluster, 0, SR_SINGLE_LINKS);
      if (idle != NULL) return idle;
      struct sr_link *shared = &links[turn % SR_SHARED_LINKS];
      bool slow = atomic_load_explicit(&shared->slow, memory_order_relaxed) &&
                  atomic_load_explicit(&shared->busy, memory_order_relaxed);
      return slow ? &links[(turn + 1) % SR_SHARED_LINKS] : shared;
    }
    case SR_LANE_COMMIT:
      idle = idle_of(cluster, SR_SHARED_LINKS, SR_SINGLE_LINKS);
      return idle != NULL ? idle : &links[SR_SHARED_LINKS + turn % (SR_SINGLE_LINKS - SR_SHARED_LINKS)];
    default:
      idle = idle_of(cluster, SR_SINGLE_LINKS, SR_LINKS);
      return idle != NULL ? idle : &links[SR_SINGLE_LINKS + turn % (SR_LINKS - SR_SINGLE_LINKS)];
  }
}

void sr_cluster_keep_ticket(struct sr_cluster *cluster, const sr_bytes *ticket, uint64_t lifetime_seconds) {
  if (ticket->size > sizeof cluster->ticket) return;
  pthread_mutex_lock(&cluster->lock);
  memcpy(cluster->ticket, ticket->data, ticket->size);
  cluster->ticket_size = ticket->size;
  pthread_mutex_unlock(&cluster->lock);
  atomic_store(&cluster->renew_at, sr_now() + lifetime_seconds * 500);
}

void sr_cluster_drop_ticket(struct sr_cluster *cluster) {
  pthread_mutex_lock(&cluster->lock);
  explicit_bzero(cluster->ticket, sizeof cluster->ticket);
  cluster->ticket_size = 0;
  pthread_mutex_unlock(&cluster->lock);
  atomic_store(&cluster->renew_at, 0);
  atomic_fetch_add(&cluster->login_count, 1);
}

void sr_cluster_renew_ticket(struct sr_cluster *cluster) {
  uint64_t due = atomic_load_explicit(&cluster->renew_at, memory_order_relaxed);
  if (due == 0 || sr_now() < due) return;
  // One thread does it; should it fail, another tries in ten seconds.
  if (!atomic_compare_exchange_strong(&cluster->renew_at, &due, sr_now() + 10000)) return;
  uint64_t login = atomic_load(&cluster->login_count);
  struct sr_call call;
  sr_renew_ticket_request request = {0};
  sr_renew_ticket_reply reply;
  CK_RV rv = sr_exchange_renew_ticket(cluster, &call, &request, &reply);
  if (rv == CKR_OK && login == atomic_load(&cluster->login_count))
    sr_cluster_keep_ticket(cluster, &reply.ticket, reply.lifetime);
  if (rv == CKR_USER_NOT_LOGGED_IN) atomic_store(&cluster->renew_at, 0);
  sr_call_end(&call);
}
