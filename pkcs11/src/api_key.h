// What the functions that make keys share.
#ifndef STRONGROOM_API_KEY_H
#define STRONGROOM_API_KEY_H

#include "log.h"
#include "params.h"
#include "session.h"
#include "cluster.h"

// The caller's own IV buffer, where the HSM may draw the IV.
struct sr_drawn_iv {
  uint8_t *at;
  size_t size;
};

static inline CK_RV sr_key_mechanism(struct sr_session *s, CK_MECHANISM_PTR from, sr_arena *arena, sr_mechanism *to,
                                     struct sr_drawn_iv *iv) {
  if (from == NULL) return sr_refuse(CKR_ARGUMENTS_BAD, "pMechanism is NULL");
  sr_mechanism_info info;
  CK_RV rv = sr_cluster_mechanism(s->cluster, from->mechanism, &info);
  return rv == CKR_OK ? sr_mechanism_read(from, &info, arena, to, &iv->at, &iv->size) : rv;
}

#endif
