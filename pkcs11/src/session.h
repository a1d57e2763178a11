// Sessions. A handle names a place in the table and the session's number, so looking one up takes no search and no lock
// of the table, and a closed session's handle is never valid again.
#ifndef STRONGROOM_SESSION_H
#define STRONGROOM_SESSION_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "operation.h"
#include "pkcs11.h"

struct sr_cluster;
struct sr_instance;

enum { SR_MAX_SESSIONS = 16384, SR_SESSION_BITS = 14 };

// A search: the template is kept for the pages that follow the first.
struct sr_find {
  bool active;
  sr_arena arena;
  const sr_attribute *items;
  size_t item_count;
  uint64_t *handles;  // a page; SR_FIND_PAGE of them
  size_t next, count;
  uint64_t after;
  bool more;
};

struct sr_session {
  // Held for the whole of each C_ function on the session: one request in flight a session.
  pthread_mutex_t lock;
  uint64_t number;  // 0: the place is free. Never used twice.
  uint64_t id;      // on the wire: number * 2 + (read-write)
  struct sr_cluster *cluster;
  bool read_write;
  unsigned index;
  unsigned next_free;
  struct sr_find find;
  struct sr_operation operations[SR_OPERATIONS];
};

struct sr_session_table {
  pthread_mutex_t lock;                                  // guards the free list and the making of places
  _Atomic(struct sr_session *) places[SR_MAX_SESSIONS];  // made on first need, freed with the instance
  unsigned made;
  unsigned first_free;  // index + 1; 0: none
  _Atomic uint64_t last_number;
};

void sr_sessions_init(struct sr_session_table *table);
void sr_sessions_free(struct sr_session_table *table);

// A new session, locked; NULL when there are too many, or no memory.
struct sr_session *sr_session_new(struct sr_session_table *table, struct sr_cluster *cluster, bool read_write);
// Ends a locked session: clears it, unlocks it, gives its place back.
void sr_session_end(struct sr_session_table *table, struct sr_session *session);
CK_SESSION_HANDLE sr_session_handle(const struct sr_session *session);

// The entry of every C_ function on a session: the instance entered, the session found and locked, the function's name
// noted for the log. On CKR_OK, sr_leave_session is due.
CK_RV sr_enter_session(const char *function, CK_SESSION_HANDLE handle, struct sr_session **out);
CK_RV sr_leave_session(struct sr_session *session, CK_RV rv);

// Locks the session at that index if there is one of this cluster (or any, if NULL).
struct sr_session *sr_session_at(struct sr_session_table *table, unsigned index, const struct sr_cluster *cluster);

void sr_find_end(struct sr_find *find);

#endif
