// The kinds of work: what one measured call is, and what must be there before and go away after.
#ifndef STRONGROOM_WORK_H
#define STRONGROOM_WORK_H

#include <stddef.h>
#include <stdint.h>

#include "session.h"

struct options {
  const char *module, *label, *pin, *work;
  unsigned threads;
  double seconds;
  CK_ULONG size;       // bytes of input, where the work has a size
  CK_ULONG keys;       // objects to search among
  const char *prefix;  // of their labels
  unsigned makers;     // threads that make them
  unsigned hsm;        // process whose CPU time is counted beside; 0: none
};

// What the threads share.
struct material {
  CK_OBJECT_HANDLE key, other;
};

// One thread's own.
struct worker {
  const struct module *m;
  const struct options *o;
  const struct material *material;
  CK_SESSION_HANDLE session;
  unsigned number;
  unsigned long calls;
  uint64_t random;
  CK_BYTE *in, *out;
  CK_ULONG out_size;
  CK_OBJECT_HANDLE *made;  // keys to destroy afterwards
  size_t made_count, made_room;
};

struct work {
  const char *name;
  CK_RV (*call)(struct worker *w);
  void (*prepare)(const struct module *m, const struct options *o, struct material *material);
  void (*clean)(const struct module *m, const struct options *o, struct material *material);
};

// By name, or NULL.
const struct work *work_find(const char *name);
// The names, for the usage text.
void work_list(void);
uint64_t worker_random(struct worker *w);
// An AES-256 key.
CK_RV work_make_aes(const struct module *m, CK_SESSION_HANDLE session, CK_BBOOL *token, const char *label,
                    CK_OBJECT_HANDLE *key);

#endif
