// A small JSON reader (RFC 8259) for configuration files. Bounds: 256 KiB of text, 4,096 values, depth 16.
#ifndef STRONGROOM_JSON_H
#define STRONGROOM_JSON_H

#include <stdbool.h>
#include <stddef.h>

#define SR_JSON_MAX_TEXT (256u << 10)

enum sr_json_kind { SR_JSON_NULL, SR_JSON_BOOL, SR_JSON_NUMBER, SR_JSON_STRING, SR_JSON_ARRAY, SR_JSON_OBJECT };

// Children and siblings are linked; a member of an object has its name. Numbers are whole or cut off to whole.
typedef struct sr_json {
  enum sr_json_kind kind;
  const char *name;
  const char *string;
  long long number;
  bool boolean;
  struct sr_json *first;
  struct sr_json *next;
} sr_json;

typedef struct sr_json_document sr_json_document;

// Returns NULL on malformed text; `error` then says what and at which line.
sr_json_document *sr_json_parse(const char *text, size_t size, char *error, size_t error_size);
const sr_json *sr_json_root(const sr_json_document *document);
void sr_json_free(sr_json_document *document);

// The member of that name, or NULL; also NULL when `object` is NULL or not an object.
const sr_json *sr_json_member(const sr_json *object, const char *name);
// Its text, or NULL when it is absent or not a string.
const char *sr_json_text(const sr_json *object, const char *name);
// Its whole number, or `otherwise`.
long long sr_json_integer(const sr_json *object, const char *name, long long otherwise);
bool sr_json_flag(const sr_json *object, const char *name, bool otherwise);

#endif
