// The HSM's mechanism list, kept for the life of the instance.
#include <stdlib.h>
#include <string.h>

#include "cluster.h"
#include "exchange.h"
#include "log.h"

static int by_number(const void *a, const void *b) {
  uint64_t x = ((const sr_mechanism_info *)a)->number, y = ((const sr_mechanism_info *)b)->number;
  return x < y ? -1 : x > y;
}

// The answer is kept with `lock` held on return, or nothing is when it is not CKR_OK.
static CK_RV lock_mechanisms(struct sr_cluster *cluster) {
  pthread_mutex_lock(&cluster->lock);
  if (cluster->mechanisms != NULL) return CKR_OK;
  pthread_mutex_unlock(&cluster->lock);
  struct sr_call call;
  sr_get_mechanisms_request request = {0};
  sr_get_mechanisms_reply reply;
  CK_RV rv = sr_exchange_get_mechanisms(cluster, &call, &request, &reply);
  size_t count = rv == CKR_OK ? reply.mechanisms.count : 0;
  sr_mechanism_info *mechanisms = rv == CKR_OK ? calloc(count + 1, sizeof *mechanisms) : NULL;
  if (mechanisms != NULL) {
    memcpy(mechanisms, reply.mechanisms.items, count * sizeof *mechanisms);
    qsort(mechanisms, count, sizeof *mechanisms, by_number);
  } else if (rv == CKR_OK) {
    rv = sr_refuse(CKR_HOST_MEMORY, "out of memory");
  }
  sr_call_end(&call);
  if (rv != CKR_OK) return rv;
  pthread_mutex_lock(&cluster->lock);
  if (cluster->mechanisms != NULL) {
    free(mechanisms);  // another thread was faster
  } else {
    cluster->mechanisms = mechanisms;
    cluster->mechanism_count = count;
  }
  return CKR_OK;
}

CK_RV sr_cluster_mechanism(struct sr_cluster *cluster, CK_MECHANISM_TYPE number, sr_mechanism_info *out) {
  CK_RV rv = lock_mechanisms(cluster);
  if (rv != CKR_OK) return rv;
  sr_mechanism_info key = {.number = number};
  const sr_mechanism_info *found = bsearch(&key, cluster->mechanisms, cluster->mechanism_count, sizeof key, by_number);
  if (found != NULL) *out = *found;
  pthread_mutex_unlock(&cluster->lock);
  return found != NULL ? CKR_OK : sr_refuse(CKR_MECHANISM_INVALID, "the HSM has no mechanism 0x%lx", number);
}

CK_RV sr_cluster_mechanism_list(struct sr_cluster *cluster, CK_MECHANISM_TYPE *list, CK_ULONG *count) {
  CK_RV rv = lock_mechanisms(cluster);
  if (rv != CKR_OK) return rv;
  CK_ULONG room = *count;
  *count = cluster->mechanism_count;
  if (list != NULL && room < cluster->mechanism_count)
    rv = sr_refuse(CKR_BUFFER_TOO_SMALL, "there are %zu mechanisms", cluster->mechanism_count);
  for (size_t i = 0; rv == CKR_OK && list != NULL && i < cluster->mechanism_count; i++)
    list[i] = cluster->mechanisms[i].number;
  pthread_mutex_unlock(&cluster->lock);
  return rv;
}
