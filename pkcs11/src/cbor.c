#include "cbor.h"

#include <stdlib.h>
#include <string.h>

enum { UINT = 0, BYTES = 2, TEXT = 3, ARRAY = 4 };  // major types
enum { FALSE_ITEM = 0xF4, TRUE_ITEM = 0xF5, NULL_ITEM = 0xF6 };

struct sr_arena_block {
  struct sr_arena_block *next;
  size_t size;
  max_align_t data[];
};

void sr_writer_init(sr_writer *w, uint8_t *buffer, size_t capacity) {
  *w = (sr_writer){.data = buffer, .capacity = capacity};
}

void sr_writer_free(sr_writer *w) {
  if (w->data != NULL) explicit_bzero(w->data, w->size);
  if (w->owned) free(w->data);
  *w = (sr_writer){0};
}

static uint8_t *room(sr_writer *w, size_t more) {
  if (w->failed || more > SR_WRITER_LIMIT - w->size) {
    w->failed = true;
    return NULL;
  }
  if (more > w->capacity - w->size) {
    size_t capacity = w->capacity < 512 ? 1024 : w->capacity * 2;
    if (capacity < w->size + more) capacity = w->size + more;
    if (capacity > SR_WRITER_LIMIT) capacity = SR_WRITER_LIMIT;
    uint8_t *data = malloc(capacity);
    if (data == NULL) {
      w->failed = true;
      return NULL;
    }
    if (w->size > 0) {
      memcpy(data, w->data, w->size);
      explicit_bzero(w->data, w->size);
    }
    if (w->owned) free(w->data);
    w->data = data;
    w->capacity = capacity;
    w->owned = true;
  }
  uint8_t *at = w->data + w->size;
  w->size += more;
  return at;
}

static void put_head(sr_writer *w, unsigned major, uint64_t value) {
  unsigned extra = value < 24 ? 0 : value <= 0xFF ? 1 : value <= 0xFFFF ? 2 : value <= 0xFFFFFFFF ? 4 : 8;
  uint8_t *at = room(w, 1 + extra);
  if (at == NULL) return;
  static const uint8_t code[] = {0, 24, 25, 0, 26, 0, 0, 0, 27};
  at[0] = (uint8_t)(major << 5 | (extra == 0 ? (unsigned)value : code[extra]));
  for (unsigned i = 0; i < extra; i++) at[extra - i] = (uint8_t)(value >> (8 * i));
}

static void put_string(sr_writer *w, unsigned major, const uint8_t *data, size_t size) {
  put_head(w, major, size);
  uint8_t *at = room(w, size);
  if (at != NULL && size > 0) memcpy(at, data, size);
}

void sr_put_array(sr_writer *w, size_t count) { put_head(w, ARRAY, count); }
void sr_put_uint(sr_writer *w, uint64_t value) { put_head(w, UINT, value); }
void sr_put_bytes(sr_writer *w, const uint8_t *data, size_t size) { put_string(w, BYTES, data, size); }
void sr_put_text(sr_writer *w, const uint8_t *data, size_t size) { put_string(w, TEXT, data, size); }

static void put_item(sr_writer *w, uint8_t item) {
  uint8_t *at = room(w, 1);
  if (at != NULL) *at = item;
}

void sr_put_bool(sr_writer *w, bool value) { put_item(w, value ? TRUE_ITEM : FALSE_ITEM); }
void sr_put_null(sr_writer *w) { put_item(w, NULL_ITEM); }

size_t sr_frame_begin(sr_writer *w) {
  size_t mark = w->size;
  uint8_t *at = room(w, 4);
  if (at != NULL) memset(at, 0, 4);
  return mark;
}

void sr_frame_end(sr_writer *w, size_t mark) {
  if (w->failed) return;
  size_t size = w->size - mark - 4;
  for (unsigned i = 0; i < 4; i++) w->data[mark + 3 - i] = (uint8_t)(size >> (8 * i));
}

static bool get_head(sr_reader *r, unsigned major, uint64_t *value) {
  size_t left = r->size - r->offset;
  if (left < 1) return false;
  const uint8_t *at = r->data + r->offset;
  if (at[0] >> 5 != major) return false;
  unsigned low = at[0] & 31;
  if (low < 24) {
    *value = low;
    r->offset += 1;
    return true;
  }
  if (low > 27) return false;
  unsigned extra = 1u << (low - 24);
  if (left < 1 + extra) return false;
  uint64_t read = 0;
  for (unsigned i = 1; i <= extra; i++) read = read << 8 | at[i];
  // Shortest form only (RFC 8949, 4.2.1), so that a message has one encoding.
  uint64_t least = extra == 1 ? 24 : (uint64_t)1 << (extra * 4);
  if (read < least) return false;
  *value = read;
  r->offset += 1 + extra;
  return true;
}

bool sr_get_uint(sr_reader *r, uint64_t *value) { return get_head(r, UINT, value); }

bool sr_get_array(sr_reader *r, size_t *count) {
  uint64_t value;
  // An item takes a byte at least: a larger count is a lie.
  if (!get_head(r, ARRAY, &value) || value > r->size - r->offset) return false;
  *count = (size_t)value;
  return true;
}

static bool get_string(sr_reader *r, unsigned major, sr_bytes *out, size_t max) {
  uint64_t size;
  if (!get_head(r, major, &size) || size > max || size > r->size - r->offset) return false;
  *out = (sr_bytes){r->data + r->offset, (size_t)size, true};
  r->offset += (size_t)size;
  return true;
}

bool sr_get_bytes(sr_reader *r, sr_bytes *out, size_t max) { return get_string(r, BYTES, out, max); }

// RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF.
static bool is_utf8(const uint8_t *p, size_t n) {
  for (size_t i = 0; i < n;) {
    uint8_t c = p[i];
    size_t more = c < 0x80                 ? 0
                  : c >= 0xC2 && c <= 0xDF ? 1
                  : c >= 0xE0 && c <= 0xEF ? 2
                  : c >= 0xF0 && c <= 0xF4 ? 3
                                           : 4;
    if (more == 4 || more > n - i - 1) return false;
    for (size_t k = 1; k <= more; k++)
      if ((p[i + k] & 0xC0) != 0x80) return false;
    if ((c == 0xE0 && p[i + 1] < 0xA0) || (c == 0xED && p[i + 1] > 0x9F) || (c == 0xF0 && p[i + 1] < 0x90) ||
        (c == 0xF4 && p[i + 1] > 0x8F))
      return false;
    i += more + 1;
  }
  return true;
}

bool sr_get_text(sr_reader *r, sr_bytes *out, size_t max) {
  return get_string(r, TEXT, out, max) && is_utf8(out->data, out->size);
}

bool sr_get_bool(sr_reader *r, bool *value) {
  if (r->offset >= r->size) return false;
  uint8_t item = r->data[r->offset];
  if (item != TRUE_ITEM && item != FALSE_ITEM) return false;
  *value = item == TRUE_ITEM;
  r->offset++;
  return true;
}

bool sr_get_null(sr_reader *r) {
  if (r->offset >= r->size || r->data[r->offset] != NULL_ITEM) return false;
  r->offset++;
  return true;
}

void *sr_arena_take(sr_arena *a, size_t size) {
  if (size > SR_ARENA_LIMIT - a->taken) return NULL;
  struct sr_arena_block *block = calloc(1, sizeof *block + size);
  if (block == NULL) return NULL;
  block->next = a->blocks;
  block->size = size;
  a->blocks = block;
  a->taken += size;
  return block->data;
}

void sr_arena_free(sr_arena *a) {
  while (a->blocks != NULL) {
    struct sr_arena_block *block = a->blocks;
    a->blocks = block->next;
    explicit_bzero(block->data, block->size);
    free(block);
  }
  a->taken = 0;
}
