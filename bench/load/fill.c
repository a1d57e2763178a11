#include "fill.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { THREADS = 64, SAY_EVERY = 5 };  // seconds

struct filling {
  const struct module *m;
  const struct options *o;
  _Atomic unsigned long next;
  _Atomic unsigned long made;
};

static int label_of(char label[64], const char *prefix, unsigned long number) {
  return snprintf(label, 64, "%s-%08lu", prefix, number);
}

CK_RV fill_find(const struct module *m, CK_SESSION_HANDLE session, const char *prefix, unsigned long number,
                CK_ULONG *found) {
  CK_OBJECT_CLASS secret_class = CKO_SECRET_KEY;
  CK_KEY_TYPE aes_type = CKK_AES;
  char label[64];
  int size = label_of(label, prefix, number);
  CK_ATTRIBUTE t[] = {{CKA_CLASS, &secret_class, sizeof secret_class},
                      {CKA_KEY_TYPE, &aes_type, sizeof aes_type},
                      {CKA_LABEL, label, (CK_ULONG)size}};
  CK_OBJECT_HANDLE handles[2];
  CK_RV rv = m->f->C_FindObjectsInit(session, t, 3);
  if (rv == CKR_OK) rv = m->f->C_FindObjects(session, handles, 2, found);
  if (rv == CKR_OK) rv = m->f->C_FindObjectsFinal(session);
  return rv;
}

static void *make_some(void *argument) {
  struct filling *f = argument;
  CK_SESSION_HANDLE session = module_session(f->m);
  CK_BBOOL yes = CK_TRUE;
  unsigned long number;
  while ((number = atomic_fetch_add(&f->next, 1)) < f->o->keys) {
    char label[64];
    CK_OBJECT_HANDLE key;
    label_of(label, f->o->prefix, number);
    module_check(f->m, work_make_aes(f->m, session, &yes, label, &key), "C_GenerateKey");
    atomic_fetch_add(&f->made, 1);
  }
  f->m->f->C_CloseSession(session);
  return NULL;
}

static void say_how_far(struct filling *f, unsigned long wanted) {
  unsigned long made;
  unsigned ticks = 0;
  while ((made = atomic_load(&f->made)) < wanted) {
    struct timespec tick = {.tv_nsec = 100000000};
    nanosleep(&tick, NULL);
    if (++ticks % (SAY_EVERY * 10) == 0)
      fprintf(stderr, "    %lu of %lu keys made, %lu a second\n", made, wanted, made * 10 / ticks);
  }
}

void fill(const struct module *m, const struct options *o) {
  unsigned long first = 0, last = o->keys;  // those below `first` are there
  while (first < last) {
    unsigned long middle = first + (last - first) / 2;
    CK_ULONG found = 0;
    module_check(m, fill_find(m, m->session, o->prefix, middle, &found), "C_FindObjects");
    if (found > 0) first = middle + 1;
    else last = middle;
  }
  // A run that was interrupted may have left gaps among its last keys.
  first = first > THREADS ? first - THREADS : 0;
  for (unsigned long i = first; i < o->keys; i++) {
    CK_ULONG found = 0;
    module_check(m, fill_find(m, m->session, o->prefix, i, &found), "C_FindObjects");
    if (found > 0) continue;
    first = i;
    break;
  }
  struct filling f = {.m = m, .o = o, .next = first};
  pthread_t threads[THREADS];
  unsigned count = 0;
  while (count < THREADS && pthread_create(&threads[count], NULL, make_some, &f) == 0) count++;
  if (count > 0 && first < o->keys) say_how_far(&f, o->keys - first);
  for (unsigned i = 0; i < count; i++) pthread_join(threads[i], NULL);
}
