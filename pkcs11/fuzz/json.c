// libFuzzer: a configuration file's text.
#include "json.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  char error[64];
  sr_json_free(sr_json_parse((const char *)data, size, error, sizeof error));
  return 0;
}
