#include "log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

// Written by C_Initialize under the lifecycle lock; read by every thread. dev and ino tell whether the descriptor is
// still our file: a host that closes all descriptors may have given the number to a connection of its own.
static struct {
  _Atomic int fd;
  _Atomic int level;
  dev_t dev;
  ino_t ino;
} sink = {-1, SR_LOG_WARN, 0, 0};

static _Thread_local const char *current_function = "";
static _Thread_local char last_cause[256];

void sr_log_open(const char *path, enum sr_log_level level) {
  atomic_store(&sink.level, level);
  struct stat status;
  if (path != NULL && path[0] != '\0') {
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0640);
    if (fd < 0) {
      // A child that runs as another user may not open the file that its parent opened: keep the parent's.
      if (atomic_load(&sink.fd) < 0) sr_log(SR_LOG_WARN, "cannot open the log file %s: %s", path, strerror(errno));
      return;
    }
    if (fstat(fd, &status) != 0) memset(&status, 0, sizeof status);
    int old = atomic_load(&sink.fd);
    if (old >= 0 && status.st_dev == sink.dev && status.st_ino == sink.ino) {
      close(fd);
      return;
    }
    sink.dev = status.st_dev;
    sink.ino = status.st_ino;
    atomic_store(&sink.fd, fd);
    if (old >= 0) close(old);
  }
}

static int destination(void) {
  int fd = atomic_load(&sink.fd);
  struct stat status;
  if (fd >= 0 && fstat(fd, &status) == 0 && status.st_dev == sink.dev && status.st_ino == sink.ino) return fd;
  return STDERR_FILENO;
}

static void write_line(enum sr_log_level level, const char *text) {
  static const char *const names[] = {"off", "error", "warn", "info", "debug"};
  struct timespec now;
  struct tm utc;
  clock_gettime(CLOCK_REALTIME, &now);
  gmtime_r(&now.tv_sec, &utc);
  char line[768];
  int size = snprintf(line, sizeof line, "%04d-%02d-%02dT%02d:%02d:%02d.%03ldZ strongroom-pkcs11[%ld] %s %s",
                      utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec,
                      now.tv_nsec / 1000000, (long)getpid(), names[level], text);
  if (size < 0) return;
  if ((size_t)size > sizeof line - 2) size = (int)sizeof line - 2;
  for (int i = 0; i < size; i++)
    if ((unsigned char)line[i] < 0x20 || line[i] == 0x7F) line[i] = '?';  // a peer's text can't forge a line
  line[size++] = '\n';
  ssize_t written = write(destination(), line, (size_t)size);
  (void)written;  // there is nowhere left to complain
}

void sr_log(enum sr_log_level level, const char *format, ...) {
  if ((int)level > atomic_load(&sink.level)) return;
  int saved = errno;
  char text[512];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  write_line(level, text);
  errno = saved;
}

void sr_log_function(const char *name) { current_function = name; }

static enum sr_log_level weight(CK_RV rv) {
  switch (rv) {
    case CKR_BUFFER_TOO_SMALL:
    case CKR_ATTRIBUTE_TYPE_INVALID:
    case CKR_ATTRIBUTE_SENSITIVE:
    case CKR_CRYPTOKI_ALREADY_INITIALIZED:
    case CKR_CRYPTOKI_NOT_INITIALIZED:
    case CKR_FUNCTION_NOT_SUPPORTED:
    case CKR_FUNCTION_NOT_PARALLEL:
    case CKR_NO_EVENT:
    case CKR_USER_ALREADY_LOGGED_IN:
      return SR_LOG_DEBUG;
    case CKR_DEVICE_ERROR:
    case CKR_TOKEN_NOT_PRESENT:
    case CKR_HOST_MEMORY:
    case CKR_GENERAL_ERROR:
      return SR_LOG_WARN;
    default:
      return SR_LOG_INFO;
  }
}

CK_RV sr_refuse(CK_RV rv, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(last_cause, sizeof last_cause, format, arguments);
  va_end(arguments);
  sr_log(weight(rv), "%s: %s: %s", current_function, sr_rv_name(rv), last_cause);
  return rv;
}

CK_RV sr_refuse_as(CK_RV rv) {
  sr_log(weight(rv), "%s: %s: %s", current_function, sr_rv_name(rv), last_cause);
  return rv;
}

const char *sr_last_cause(void) { return last_cause; }

const char *sr_rv_name(CK_RV rv) {
  switch (rv) {
#define CASE(name) \
  case name:       \
    return #name;
    PKCS11_RETURN_VALUES(CASE)
    default:
      return "vendor-defined return value";
  }
}
