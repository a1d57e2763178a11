// libFuzzer: a reply of any kind. The first byte is the number of the function whose reply the rest is read as.
#include "protocol.g.h"

#define X(name, number)                                \
  static void read_##name(sr_reader *r, sr_arena *a) { \
    sr_##name##_reply reply;                           \
    (void)!sr_read_##name(r, a, &reply);               \
  }
#include "readers.h"
#undef X

#define X(name, number) [number] = read_##name,
static void (*const readers[256])(sr_reader *, sr_arena *) = {
#include "readers.h"
};
#undef X

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size == 0 || readers[data[0]] == NULL) return 0;
  sr_reader r = {.data = data + 1, .size = size - 1};
  size_t count;
  uint64_t id, rv, epoch, sequence;
  if (!sr_get_array(&r, &count) || count < 4 || !sr_get_uint(&r, &id) || !sr_get_uint(&r, &rv) ||
      !sr_get_uint(&r, &epoch) || !sr_get_uint(&r, &sequence))
    return 0;
  sr_bytes cause;
  sr_arena arena = {0};
  if (rv != 0) sr_get_text(&r, &cause, 1024);
  else readers[data[0]](&r, &arena);
  if (arena.taken > SR_ARENA_LIMIT || r.offset > r.size) __builtin_trap();
  sr_arena_free(&arena);
  return 0;
}
