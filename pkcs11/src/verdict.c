#include "verdict.h"

#include <stdlib.h>
#include <string.h>

bool sr_verdicts_init(struct sr_verdicts *verdicts) {
  pthread_mutex_init(&verdicts->lock, NULL);
  verdicts->entries = calloc(SR_VERDICTS, sizeof *verdicts->entries);
  return verdicts->entries != NULL;
}

void sr_verdicts_free(struct sr_verdicts *verdicts) {
  free(verdicts->entries);
  verdicts->entries = NULL;
  pthread_mutex_destroy(&verdicts->lock);
}

static bool all_zero(const sr_bytes *b) {
  for (size_t i = 0; i < b->size; i++)
    if (b->data[i] != 0) return false;
  return true;
}

struct sr_verdict_key sr_verdict_key_of(uint64_t login, uint64_t epoch, uint64_t use, uint64_t key,
                                        const sr_mechanism *m) {
  // A value of 0 and an absent one must not be the same: absent is the largest number.
  return (struct sr_verdict_key){
      .login = login,
      .epoch = epoch,
      .use = use,
      .key = key,
      .number = m->number,
      .shape = m->shape,
      .iv_size = m->iv.present ? m->iv.size : UINT64_MAX,
      .iv_is_zero = m->iv.present && all_zero(&m->iv),
      .has_aad = m->aad.present,
      .bits = m->bits.present ? m->bits.value : UINT64_MAX,
      .hash = m->hash.present ? m->hash.value : UINT64_MAX,
      .mgf = m->mgf.present ? m->mgf.value : UINT64_MAX,
      .length = m->length.present ? m->length.value : UINT64_MAX,
  };
}

// Two places for each key, so that two busy keys with one hash don't push each other out.
static size_t place(const struct sr_verdict_key *key) {
  const uint64_t words[] = {key->key, key->number, key->use, key->iv_size, key->bits, key->hash};
  uint64_t h = 0x9E3779B97F4A7C15u;
  for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
    h = (h ^ words[i]) * 0xBF58476D1CE4E5B9u;
    h ^= h >> 29;
  }
  return (size_t)(h % SR_VERDICTS) & ~(size_t)1;
}

static bool is(const struct sr_verdict_entry *e, const struct sr_verdict_key *key) {
  return e->used && memcmp(&e->key, key, sizeof *key) == 0;
}

bool sr_verdicts_find(struct sr_verdicts *verdicts, const struct sr_verdict_key *key, sr_prepare_reply *out) {
  struct sr_verdict_entry *e = &verdicts->entries[place(key)];
  pthread_mutex_lock(&verdicts->lock);
  bool found = is(&e[0], key) || is(&e[1], key);
  if (found) *out = is(&e[0], key) ? e[0].verdict : e[1].verdict;
  pthread_mutex_unlock(&verdicts->lock);
  return found;
}

// The bit that the HSM sets in the handles of session objects.
static bool is_session_object(uint64_t object) { return object >> 62 & 1; }

void sr_verdicts_keep(struct sr_verdicts *verdicts, const struct sr_verdict_key *key, const sr_prepare_reply *verdict) {
  struct sr_verdict_entry *e = &verdicts->entries[place(key)];
  pthread_mutex_lock(&verdicts->lock);
  if (!is(&e[0], key)) e[1] = e[0];
  e[0] = (struct sr_verdict_entry){*key, *verdict, true};
  if (is_session_object(key->key)) verdicts->on_session_objects = true;
  pthread_mutex_unlock(&verdicts->lock);
}

void sr_verdicts_drop(struct sr_verdicts *verdicts, uint64_t object) {
  pthread_mutex_lock(&verdicts->lock);
  for (size_t i = 0; i < SR_VERDICTS; i++)
    if (verdicts->entries[i].key.key == object) verdicts->entries[i].used = false;
  pthread_mutex_unlock(&verdicts->lock);
}

void sr_verdicts_drop_session_objects(struct sr_verdicts *verdicts) {
  pthread_mutex_lock(&verdicts->lock);
  for (size_t i = 0; verdicts->on_session_objects && i < SR_VERDICTS; i++)
    if (is_session_object(verdicts->entries[i].key.key)) verdicts->entries[i].used = false;
  verdicts->on_session_objects = false;
  pthread_mutex_unlock(&verdicts->lock);
}
