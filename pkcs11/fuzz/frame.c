// libFuzzer: a reply of any kind. The first byte chooses which function's reply the rest is read as.
#include "protocol.g.h"

#define READER(name)                                   \
  static void read_##name(sr_reader *r, sr_arena *a) { \
    sr_##name##_reply reply;                           \
    if (!sr_read_##name(r, a, &reply)) return;         \
  }

#define REPLIES(X)                                                                                             \
  X(hello)                                                                                                     \
  X(attach)                                                                                                    \
  X(echo) X(login) X(renew_ticket) X(get_token_info) X(get_mechanisms) X(get_session_info) X(create_object)    \
      X(get_attributes) X(find_objects) X(get_object_size) X(generate_key_pair) X(wrap_key) X(encapsulate_key) \
          X(prepare) X(perform) X(begin) X(update) X(finish) X(generate_random) X(list_users) X(get_cluster_info)
REPLIES(READER)

#define ENTRY(name) read_##name,
static void (*const readers[])(sr_reader *, sr_arena *) = {REPLIES(ENTRY)};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size == 0) return 0;
  sr_reader r = {.data = data + 1, .size = size - 1};
  size_t count;
  uint64_t id, rv, epoch, sequence;
  if (!sr_get_array(&r, &count) || count < 4 || !sr_get_uint(&r, &id) || !sr_get_uint(&r, &rv) ||
      !sr_get_uint(&r, &epoch) || !sr_get_uint(&r, &sequence))
    return 0;
  sr_bytes cause;
  sr_arena arena = {0};
  if (rv != 0) sr_get_text(&r, &cause, 1024);
  else readers[data[0] % (sizeof readers / sizeof readers[0])](&r, &arena);
  if (arena.taken > SR_ARENA_LIMIT || r.offset > r.size) __builtin_trap();
  sr_arena_free(&arena);
  return 0;
}
