// The subset of CBOR (RFC 8949) that the wire uses: definite lengths, shortest-form unsigned integers, byte and text
// strings, arrays, true, false, null. Anything else is refused. The generated codec (protocol.g.c) is made of these
// calls.
//
// Bounds: a writer never grows past SR_WRITER_LIMIT; a reader never believes a length or a count that the rest of the
// frame can't hold, so nothing is allocated for a lie; an arena hands out at most SR_ARENA_LIMIT bytes.
#ifndef STRONGROOM_CBOR_H
#define STRONGROOM_CBOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SR_WRITER_LIMIT (1114112u + 4u)
#define SR_ARENA_LIMIT (4u << 20)

// A byte or text string: a slice of someone else's memory. `present` is false for the wire's null.
typedef struct {
  const uint8_t *data;
  size_t size;
  bool present;
} sr_bytes;

// Grows from a caller's buffer to the heap. `failed` is sticky: out of memory, or over the limit.
typedef struct {
  uint8_t *data;
  size_t size;
  size_t capacity;
  bool owned;
  bool failed;
} sr_writer;

typedef struct {
  const uint8_t *data;
  size_t size;
  size_t offset;
} sr_reader;

struct sr_arena_block;
typedef struct {
  struct sr_arena_block *blocks;
  size_t taken;
} sr_arena;

void sr_writer_init(sr_writer *w, uint8_t *buffer, size_t capacity);
void sr_writer_free(sr_writer *w);  // wipes what was written: it may hold a PIN
void sr_put_array(sr_writer *w, size_t count);
void sr_put_uint(sr_writer *w, uint64_t value);
void sr_put_bytes(sr_writer *w, const uint8_t *data, size_t size);
void sr_put_text(sr_writer *w, const uint8_t *data, size_t size);
void sr_put_bool(sr_writer *w, bool value);
void sr_put_null(sr_writer *w);
size_t sr_frame_begin(sr_writer *w);           // leaves room for the length; returns where
void sr_frame_end(sr_writer *w, size_t mark);  // writes the length

// Each returns false, and the reader is then of no more use, when the next item is not what was asked for.
bool sr_get_array(sr_reader *r, size_t *count);
bool sr_get_uint(sr_reader *r, uint64_t *value);
bool sr_get_bytes(sr_reader *r, sr_bytes *out, size_t max);
bool sr_get_text(sr_reader *r, sr_bytes *out, size_t max);  // UTF-8 is checked
bool sr_get_bool(sr_reader *r, bool *value);
bool sr_get_null(sr_reader *r);  // true, and consumed, if null is next; otherwise nothing happens

void *sr_arena_take(sr_arena *a, size_t size);  // zeroed, aligned; NULL when out of memory or over the limit
void sr_arena_free(sr_arena *a);                // wipes

#endif
