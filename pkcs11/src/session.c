#include "session.h"

#include <stdlib.h>
#include <string.h>

#include "instance.h"
#include "log.h"

void sr_sessions_init(struct sr_session_table *table) {
  pthread_mutex_init(&table->lock, NULL);
  atomic_init(&table->last_number, 0);
}

static void clear(struct sr_session *s) {
  sr_find_end(&s->find);
  for (unsigned i = 0; i < SR_OPERATIONS; i++) sr_operation_end(&s->operations[i]);
  s->number = s->id = 0;
  s->cluster = NULL;
}

void sr_sessions_free(struct sr_session_table *table) {
  for (unsigned i = 0; i < table->made; i++) {
    struct sr_session *s = atomic_load(&table->places[i]);
    clear(s);
    pthread_mutex_destroy(&s->lock);
    free(s);
  }
  pthread_mutex_destroy(&table->lock);
}

static struct sr_session *take_place(struct sr_session_table *table) {
  struct sr_session *s = NULL;
  pthread_mutex_lock(&table->lock);
  if (table->first_free != 0) {
    s = atomic_load(&table->places[table->first_free - 1]);
    table->first_free = s->next_free;
  } else if (table->made < SR_MAX_SESSIONS && (s = calloc(1, sizeof *s)) != NULL) {
    pthread_mutex_init(&s->lock, NULL);
    s->index = table->made;
    atomic_store(&table->places[table->made++], s);
  }
  pthread_mutex_unlock(&table->lock);
  return s;
}

struct sr_session *sr_session_new(struct sr_session_table *table, struct sr_cluster *cluster, bool read_write) {
  struct sr_session *s = take_place(table);
  if (s == NULL) return NULL;
  pthread_mutex_lock(&s->lock);
  s->number = atomic_fetch_add(&table->last_number, 1) + 1;
  s->id = s->number * 2 + read_write;
  s->cluster = cluster;
  s->read_write = read_write;
  return s;
}

void sr_session_end(struct sr_session_table *table, struct sr_session *s) {
  clear(s);
  pthread_mutex_unlock(&s->lock);
  pthread_mutex_lock(&table->lock);
  s->next_free = table->first_free;
  table->first_free = s->index + 1;
  pthread_mutex_unlock(&table->lock);
}

CK_SESSION_HANDLE sr_session_handle(const struct sr_session *s) { return s->number << SR_SESSION_BITS | s->index; }

static struct sr_session *find_locked(struct sr_session_table *table, CK_SESSION_HANDLE handle) {
  struct sr_session *s = atomic_load_explicit(&table->places[handle & (SR_MAX_SESSIONS - 1)], memory_order_acquire);
  uint64_t number = handle >> SR_SESSION_BITS;
  if (s == NULL || number == 0) return NULL;
  pthread_mutex_lock(&s->lock);
  if (s->number == number) return s;
  pthread_mutex_unlock(&s->lock);
  return NULL;
}

CK_RV sr_enter_session(const char *function, CK_SESSION_HANDLE handle, struct sr_session **out) {
  sr_log_function(function);
  struct sr_instance *instance = sr_instance_enter();
  if (instance == NULL)
    return sr_refuse(CKR_CRYPTOKI_NOT_INITIALIZED, "C_Initialize has not been called in this process");
  *out = find_locked(&instance->sessions, handle);
  if (*out != NULL) return CKR_OK;
  sr_instance_leave();
  return sr_refuse(CKR_SESSION_HANDLE_INVALID, "there is no session 0x%lx", handle);
}

CK_RV sr_leave_session(struct sr_session *session, CK_RV rv) {
  struct sr_cluster *cluster = session->cluster;
  pthread_mutex_unlock(&session->lock);
  sr_cluster_renew_ticket(cluster);
  sr_instance_leave();
  return rv;
}

struct sr_session *sr_session_at(struct sr_session_table *table, unsigned index, const struct sr_cluster *cluster) {
  struct sr_session *s = atomic_load(&table->places[index]);
  if (s == NULL) return NULL;
  pthread_mutex_lock(&s->lock);
  if (s->number != 0 && (cluster == NULL || s->cluster == cluster)) return s;
  pthread_mutex_unlock(&s->lock);
  return NULL;
}

void sr_find_end(struct sr_find *find) {
  sr_arena_free(&find->arena);
  free(find->handles);
  *find = (struct sr_find){0};
}
