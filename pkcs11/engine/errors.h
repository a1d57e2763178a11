// Why the engine refuses, for OpenSSL's error queue: what nginx, Apache and openssl show of it.
#ifndef STRONGROOM_ENGINE_ERRORS_H
#define STRONGROOM_ENGINE_ERRORS_H

enum engine_reason {
  CLOUDHSM_R_CONFIGURATION = 100,
  CLOUDHSM_R_NO_PIN,
  CLOUDHSM_R_HSM_REFUSED,
  CLOUDHSM_R_OTHER_KEY,
  CLOUDHSM_R_PADDING_NOT_SUPPORTED,
  CLOUDHSM_R_OPERATION_NOT_SUPPORTED,
  CLOUDHSM_R_NO_REFERENCE,
  CLOUDHSM_R_FILE
};

void engine_errors_load(void);
// Into OpenSSL's queue and into the log.
#define engine_error(...) engine_error_at(__FILE__, __LINE__, __func__, __VA_ARGS__)
void engine_error_at(const char *file, int line, const char *function, enum engine_reason reason, const char *format,
                     ...) __attribute__((format(printf, 5, 6)));

#endif
