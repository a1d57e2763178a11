#include "fill.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { SAY_EVERY = 5 };  // seconds

struct filling {
  const struct module *m;
  const struct options *o;
  unsigned long unsure;  // those below may be there already
  _Atomic unsigned long next;
  _Atomic unsigned long done;
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

static bool is_there(const struct filling *f, CK_SESSION_HANDLE session, unsigned long number) {
  CK_ULONG found = 0;
  module_check(f->m, fill_find(f->m, session, f->o->prefix, number, &found), "C_FindObjects");
  return found > 0;
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
    if (number >= f->unsure || !is_there(f, session, number))
      module_check(f->m, work_make_aes(f->m, session, &yes, label, &key), "C_GenerateKey");
    atomic_fetch_add(&f->done, 1);
  }
  f->m->f->C_CloseSession(session);
  return NULL;
}

static void say_how_far(struct filling *f, unsigned long wanted) {
  unsigned long done;
  unsigned ticks = 0;
  while ((done = atomic_load(&f->done)) < wanted) {
    struct timespec tick = {.tv_nsec = 100000000};
    nanosleep(&tick, NULL);
    if (++ticks % (SAY_EVERY * 10) == 0)
      fprintf(stderr, "    %lu of %lu keys made, %lu a second\n", done, wanted, done * 10 / ticks);
  }
}

void fill(const struct module *m, const struct options *o) {
  struct filling f = {.m = m, .o = o};
  unsigned long first = 0, last = o->keys;  // those below `first` are there
  while (first < last) {
    unsigned long middle = first + (last - first) / 2;
    if (is_there(&f, m->session, middle)) first = middle + 1;
    else last = middle;
  }
  if (first == o->keys) return;
  // A run that was interrupted has left gaps among the last keys that its threads were at.
  f.unsure = first + 2 * FILL_MOST_MAKERS;
  f.next = first > 2 * FILL_MOST_MAKERS ? first - 2 * FILL_MOST_MAKERS : 0;
  unsigned long wanted = o->keys - f.next;
  pthread_t threads[FILL_MOST_MAKERS];
  unsigned count = 0;
  while (count < o->makers && pthread_create(&threads[count], NULL, make_some, &f) == 0) count++;
  if (count > 0) say_how_far(&f, wanted);
  for (unsigned i = 0; i < count; i++) pthread_join(threads[i], NULL);
}
