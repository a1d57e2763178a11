#include "json.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_VALUES = 4096, MAX_DEPTH = 16 };

// Values and decoded strings live in the document: a decoded string is never longer than its source, so the whole of
// them fits into a copy of the text.
struct sr_json_document {
  sr_json *values;
  size_t count;
  size_t capacity;
  char *strings;
  size_t used;
};

struct parser {
  sr_json_document *document;
  const char *text;
  size_t size;
  size_t at;
  const char *problem;
};

static bool fail(struct parser *p, const char *problem) {
  if (p->problem == NULL) p->problem = problem;
  return false;
}

static void skip_blanks(struct parser *p) {
  while (p->at < p->size && memchr(" \t\r\n", p->text[p->at], 4) != NULL) p->at++;
}

static bool take(struct parser *p, char c) {
  skip_blanks(p);
  if (p->at >= p->size || p->text[p->at] != c) return false;
  p->at++;
  return true;
}

static bool take_word(struct parser *p, const char *word) {
  size_t n = strlen(word);
  if (p->size - p->at < n || memcmp(p->text + p->at, word, n) != 0) return fail(p, "unknown word");
  p->at += n;
  return true;
}

static bool hex4(struct parser *p, uint32_t *out) {
  if (p->size - p->at < 4) return fail(p, "incomplete \\u escape");
  uint32_t value = 0;
  for (int i = 0; i < 4; i++) {
    char c = p->text[p->at++];
    int digit = c >= '0' && c <= '9'   ? c - '0'
                : c >= 'a' && c <= 'f' ? c - 'a' + 10
                : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                       : -1;
    if (digit < 0) return fail(p, "bad \\u escape");
    value = value << 4 | (uint32_t)digit;
  }
  *out = value;
  return true;
}

static void put_utf8(sr_json_document *d, uint32_t c) {
  char *out = d->strings + d->used;
  if (c < 0x80) {
    out[0] = (char)c;
    d->used += 1;
  } else if (c < 0x800) {
    out[0] = (char)(0xC0 | c >> 6);
    out[1] = (char)(0x80 | (c & 63));
    d->used += 2;
  } else if (c < 0x10000) {
    out[0] = (char)(0xE0 | c >> 12);
    out[1] = (char)(0x80 | (c >> 6 & 63));
    out[2] = (char)(0x80 | (c & 63));
    d->used += 3;
  } else {
    out[0] = (char)(0xF0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 63));
    out[2] = (char)(0x80 | (c >> 6 & 63));
    out[3] = (char)(0x80 | (c & 63));
    d->used += 4;
  }
}

static bool parse_escape(struct parser *p) {
  if (p->at >= p->size) return fail(p, "unfinished string");
  static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
  char c = p->text[p->at++];
  const char *simple = c == '\0' ? NULL : strchr(from, c);
  if (simple != NULL) {
    put_utf8(p->document, (uint32_t)to[simple - from]);
    return true;
  }
  uint32_t high, low;
  if (c != 'u' || !hex4(p, &high)) return fail(p, "unknown escape");
  if (high >= 0xD800 && high < 0xDC00) {
    if (p->size - p->at < 2 || p->text[p->at] != '\\' || p->text[p->at + 1] != 'u') return fail(p, "lone surrogate");
    p->at += 2;
    if (!hex4(p, &low) || low < 0xDC00 || low > 0xDFFF) return fail(p, "lone surrogate");
    high = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
  } else if ((high >= 0xDC00 && high <= 0xDFFF) || high == 0) {
    return fail(p, high == 0 ? "a string holds a zero byte" : "lone surrogate");
  }
  put_utf8(p->document, high);
  return true;
}

static const char *parse_string(struct parser *p) {
  if (!take(p, '"')) {
    fail(p, "a string was expected");
    return NULL;
  }
  sr_json_document *d = p->document;
  char *start = d->strings + d->used;
  while (p->at < p->size) {
    unsigned char c = (unsigned char)p->text[p->at++];
    if (c == '"') {
      d->strings[d->used++] = '\0';  // its room is the closing quote's
      return start;
    }
    if (c == '\\') {
      if (!parse_escape(p)) return NULL;
    } else if (c < 0x20) {
      fail(p, "a control character in a string");
      return NULL;
    } else {
      d->strings[d->used++] = (char)c;
    }
  }
  fail(p, "unfinished string");
  return NULL;
}

static bool parse_number(struct parser *p, sr_json *value) {
  bool negative = p->text[p->at] == '-';
  if (negative) p->at++;
  size_t digits = 0;
  long long number = 0;
  for (; p->at < p->size && p->text[p->at] >= '0' && p->text[p->at] <= '9'; p->at++, digits++) {
    if (number > (INT64_MAX - 9) / 10) return fail(p, "a number is too large");
    number = number * 10 + (p->text[p->at] - '0');
  }
  if (digits == 0) return fail(p, "a value was expected");
  while (p->at < p->size && p->text[p->at] != '\0' && strchr("0123456789.eE+-", p->text[p->at]) != NULL) p->at++;
  value->number = negative ? -number : number;
  return true;
}

static sr_json *parse_value(struct parser *p, int depth);

static bool parse_members(struct parser *p, sr_json *parent, char end, int depth) {
  p->at++;
  if (take(p, end)) return true;
  sr_json **tail = &parent->first;
  do {
    const char *name = NULL;
    if (parent->kind == SR_JSON_OBJECT) {
      name = parse_string(p);
      if (name == NULL) return false;
      if (!take(p, ':')) return fail(p, "a colon was expected");
    }
    sr_json *child = parse_value(p, depth + 1);
    if (child == NULL) return false;
    child->name = name;
    *tail = child;
    tail = &child->next;
  } while (take(p, ','));
  return take(p, end) || fail(p, end == '}' ? "a comma or } was expected" : "a comma or ] was expected");
}

static sr_json *parse_value(struct parser *p, int depth) {
  sr_json_document *d = p->document;
  if (depth > MAX_DEPTH || d->count >= d->capacity) {
    fail(p, depth > MAX_DEPTH ? "nested too deeply" : "too many values");
    return NULL;
  }
  sr_json *value = &d->values[d->count++];
  skip_blanks(p);
  char c = p->at < p->size ? p->text[p->at] : '\0';
  bool good;
  switch (c) {
    case '{':
      value->kind = SR_JSON_OBJECT;
      good = parse_members(p, value, '}', depth);
      break;
    case '[':
      value->kind = SR_JSON_ARRAY;
      good = parse_members(p, value, ']', depth);
      break;
    case '"':
      value->kind = SR_JSON_STRING;
      value->string = parse_string(p);
      good = value->string != NULL;
      break;
    case 't':
    case 'f':
      value->kind = SR_JSON_BOOL;
      value->boolean = c == 't';
      good = take_word(p, c == 't' ? "true" : "false");
      break;
    case 'n':
      good = take_word(p, "null");
      break;
    default:
      value->kind = SR_JSON_NUMBER;
      good = p->at < p->size ? parse_number(p, value) : fail(p, "the text ends too early");
  }
  return good ? value : NULL;
}

sr_json_document *sr_json_parse(const char *text, size_t size, char *error, size_t error_size) {
  if (size > SR_JSON_MAX_TEXT) {
    snprintf(error, error_size, "longer than %u bytes", SR_JSON_MAX_TEXT);
    return NULL;
  }
  sr_json_document *d = calloc(1, sizeof *d);
  if (d != NULL) {
    d->capacity = size + 1 < MAX_VALUES ? size + 1 : MAX_VALUES;
    d->values = calloc(d->capacity, sizeof *d->values);
    d->strings = malloc(size + 1);
  }
  if (d == NULL || d->values == NULL || d->strings == NULL) {
    snprintf(error, error_size, "out of memory");
    sr_json_free(d);
    return NULL;
  }
  struct parser p = {.document = d, .text = text, .size = size};
  bool good = parse_value(&p, 0) != NULL;
  skip_blanks(&p);
  if (good && p.at != size) good = fail(&p, "something follows the document");
  if (!good) {
    unsigned line = 1;
    for (size_t i = 0; i < p.at && i < size; i++) line += text[i] == '\n';
    snprintf(error, error_size, "%s at line %u", p.problem, line);
    sr_json_free(d);
    return NULL;
  }
  return d;
}

const sr_json *sr_json_root(const sr_json_document *document) { return document->values; }

void sr_json_free(sr_json_document *document) {
  if (document == NULL) return;
  free(document->values);
  free(document->strings);
  free(document);
}

const sr_json *sr_json_member(const sr_json *object, const char *name) {
  if (object == NULL || object->kind != SR_JSON_OBJECT) return NULL;
  for (const sr_json *m = object->first; m != NULL; m = m->next)
    if (strcmp(m->name, name) == 0) return m;
  return NULL;
}

const char *sr_json_text(const sr_json *object, const char *name) {
  const sr_json *m = sr_json_member(object, name);
  return m != NULL && m->kind == SR_JSON_STRING ? m->string : NULL;
}

long long sr_json_integer(const sr_json *object, const char *name, long long otherwise) {
  const sr_json *m = sr_json_member(object, name);
  return m != NULL && m->kind == SR_JSON_NUMBER ? m->number : otherwise;
}

bool sr_json_flag(const sr_json *object, const char *name, bool otherwise) {
  const sr_json *m = sr_json_member(object, name);
  return m != NULL && m->kind == SR_JSON_BOOL ? m->boolean : otherwise;
}
