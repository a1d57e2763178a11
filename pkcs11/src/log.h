// The log: one line an event, written by one write(2) in append mode, so that threads and forked children never mix
// lines and no lock is needed. Never a PIN, never data.
#ifndef STRONGROOM_LOG_H
#define STRONGROOM_LOG_H

#include <stddef.h>

#include "pkcs11.h"

enum sr_log_level { SR_LOG_OFF, SR_LOG_ERROR, SR_LOG_WARN, SR_LOG_INFO, SR_LOG_DEBUG };

// Where lines go: `path`, or standard error when it is NULL or can't be opened (which is then the first line).
void sr_log_open(const char *path, enum sr_log_level level);
void sr_log(enum sr_log_level level, const char *format, ...) __attribute__((format(printf, 2, 3)));

// Names the C_ function that this thread is in, for the lines below it.
void sr_log_function(const char *name);

// Logs and remembers why this thread's call is refused; returns rv. Codes that are ordinary in a healthy program
// (CKR_BUFFER_TOO_SMALL and its like) are logged at debug level only.
CK_RV sr_refuse(CK_RV rv, const char *format, ...) __attribute__((format(printf, 2, 3)));

// The same for a refusal whose cause is there already, under another code.
CK_RV sr_refuse_as(CK_RV rv);

// The text behind this thread's last refusal; "" if there was none.
const char *sr_last_cause(void);

const char *sr_rv_name(CK_RV rv);

#endif
