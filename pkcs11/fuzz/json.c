// libFuzzer: a configuration file's text, and what is asked of it.
#include "json.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  char error[64];
  sr_json_document *document = sr_json_parse((const char *)data, size, error, sizeof error);
  if (document == NULL) return 0;
  const sr_json *root = sr_json_root(document);
  const char *text = sr_json_text(root, "a");
  if (text != NULL && strlen(text) > size) __builtin_trap();
  sr_json_integer(root, "a", 0);
  sr_json_flag(sr_json_member(root, "b"), "a", true);
  sr_json_free(document);
  return 0;
}
