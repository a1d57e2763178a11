#include "errors.h"

#include <openssl/err.h>
#include <stdarg.h>
#include <stdio.h>

#include "log.h"

static int library;

static ERR_STRING_DATA reasons[] = {
    {ERR_PACK(0, 0, CLOUDHSM_R_CONFIGURATION), "no configuration"},
    {ERR_PACK(0, 0, CLOUDHSM_R_NO_PIN), "no PIN"},
    {ERR_PACK(0, 0, CLOUDHSM_R_HSM_REFUSED), "the HSM refused"},
    {ERR_PACK(0, 0, CLOUDHSM_R_OTHER_KEY), "the file names another key of the HSM"},
    {ERR_PACK(0, 0, CLOUDHSM_R_PADDING_NOT_SUPPORTED), "padding not supported"},
    {ERR_PACK(0, 0, CLOUDHSM_R_OPERATION_NOT_SUPPORTED), "operation not supported"},
    {ERR_PACK(0, 0, CLOUDHSM_R_NO_REFERENCE), "no reference to a key of the HSM"},
    {ERR_PACK(0, 0, CLOUDHSM_R_FILE), "the key file can't be read"},
    {0, NULL},
};
static ERR_STRING_DATA name[] = {{0, "cloudhsm engine"}, {0, NULL}};

void engine_errors_load(void) {
  if (library != 0) return;
  library = ERR_get_next_error_library();
  ERR_load_strings(library, reasons);
  name[0].error = ERR_PACK(library, 0, 0);
  ERR_load_strings(0, name);
}

static const char *reason_text(enum engine_reason reason) {
  for (const ERR_STRING_DATA *r = reasons; r->string != NULL; r++)
    if (ERR_GET_REASON(r->error) == (int)reason) return r->string;
  return "";
}

void engine_error_at(const char *file, int line, const char *function, enum engine_reason reason, const char *format,
                     ...) {
  char text[512];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  ERR_new();
  ERR_set_debug(file, line, function);
  ERR_set_error(library, reason, "%s", text);
  sr_log(SR_LOG_WARN, "OpenSSL engine: %s: %s", reason_text(reason), text);
}
