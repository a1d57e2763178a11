#include "connection.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "fork.h"
#include "protocol.g.h"

enum {
  RECEIVE_SIZE = 64 << 10,
  RECORD_SIZE = 16 << 10,  // the most that one TLS record yields
  INBOX_KEPT = 128 << 10,  // a larger inbox is given back after use
  INBOX_LIMIT = 4 << 20,   // what is read ahead at most
  TICK = 500,              // milliseconds after which a waiting thread looks at the clock and for C_Finalize
  WATCH = 100000,          // nanoseconds that a thread looks for an answer before it sleeps
  YIELDED = 20000,         // nanoseconds: a yield that took longer has let somebody else run
  WATCH_RESTS = 6,         // after so many misses in a row only every 2^6th answer is watched for
};

uint64_t sr_now(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

uint64_t sr_now_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

void sr_connection_init(struct sr_connection *c, const _Atomic bool *interrupted) {
  *c = (struct sr_connection){.interrupted = interrupted};
  atomic_init(&c->fd, -1);
}

bool sr_connection_is_open(const struct sr_connection *c) {
  return atomic_load_explicit(&c->fd, memory_order_relaxed) >= 0;
}

static bool past(const struct sr_connection *c, uint64_t deadline) {
  return sr_now() >= deadline || atomic_load(c->interrupted);
}

static int wait_for(int fd, short events, uint64_t deadline) {
  uint64_t now = sr_now(), left = deadline > now ? deadline - now : 0;
  struct pollfd wanted = {.fd = fd, .events = events};
  int n = poll(&wanted, 1, left < TICK ? (int)left : TICK);
  return n > 0 ? wanted.revents : 0;
}

// The descriptor is entered into the connection under the fork lock, so that no child inherits one it does not know.
static int make_socket(struct sr_connection *c, int family) {
  sr_openssl_enter();
  int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  atomic_store(&c->fd, fd);
  sr_openssl_leave();
  return fd;
}

static void drop_socket(struct sr_connection *c) {
  sr_openssl_enter();
  int fd = atomic_exchange(&c->fd, -1);
  if (fd >= 0) close(fd);
  sr_openssl_leave();
}

static enum sr_io connect_to(struct sr_connection *c, const struct sockaddr *address, socklen_t size,
                             uint64_t deadline) {
  int fd = make_socket(c, address->sa_family);
  if (fd < 0) return SR_IO_CLOSED;
  int problem = connect(fd, address, size) == 0 ? 0 : errno;
  while (problem == EINPROGRESS || problem == EINTR) {
    if (wait_for(fd, POLLOUT, deadline) != 0) {
      socklen_t n = sizeof problem;
      if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &problem, &n) != 0) problem = errno;
      break;
    }
    if (past(c, deadline)) problem = ETIMEDOUT;
  }
  if (problem == 0) {
    int on = 1;
    struct timeval tick = {.tv_usec = TICK * 1000};
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
    // From here on receiving blocks for a tick: one system call a reply instead of poll and recv.
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &tick, sizeof tick);
    if (fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) & ~O_NONBLOCK) == 0) return SR_IO_OK;
    problem = errno;
  }
  drop_socket(c);
  errno = problem;
  return problem == ETIMEDOUT ? SR_IO_TIMEOUT : SR_IO_CLOSED;
}

static enum sr_io connect_host(struct sr_connection *c, const struct sr_hsm_address *to, uint64_t deadline, char *error,
                               size_t error_size) {
  struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV}, *found = NULL;
  char port[8];
  snprintf(port, sizeof port, "%u", to->port);
  int failed = getaddrinfo(to->host, port, &hints, &found);
  if (failed != 0) {
    hints.ai_flags = AI_NUMERICSERV | AI_ADDRCONFIG;
    failed = getaddrinfo(to->host, port, &hints, &found);
  }
  if (failed != 0) {
    snprintf(error, error_size, "%s: %s", to->host, gai_strerror(failed));
    return SR_IO_CLOSED;
  }
  enum sr_io io = SR_IO_CLOSED;
  for (struct addrinfo *a = found; a != NULL && io != SR_IO_OK; a = a->ai_next)
    io = connect_to(c, a->ai_addr, a->ai_addrlen, deadline);
  if (io != SR_IO_OK) snprintf(error, error_size, "%s port %u: %s", to->host, to->port, strerror(errno));
  freeaddrinfo(found);
  return io;
}

static enum sr_io read_some(struct sr_connection *c, int flags);

// Sends what TLS has ready. `flow`: read meanwhile if the pipe is full.
static enum sr_io flush(struct sr_connection *c, uint64_t deadline, bool flow) {
  int fd = atomic_load_explicit(&c->fd, memory_order_relaxed);
  size_t sent = 0, size;
  const uint8_t *data = sr_tls_output(c->tls, &size);
  while (sent < size) {
    ssize_t n = send(fd, data + sent, size - sent, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n >= 0) {
      sent += (size_t)n;
      continue;
    }
    if (errno == EINTR) continue;
    if (errno != EAGAIN && errno != EWOULDBLOCK) return SR_IO_CLOSED;
    if (past(c, deadline)) return SR_IO_TIMEOUT;
    short events = flow && c->end - c->start < INBOX_LIMIT ? POLLIN | POLLOUT : POLLOUT;
    if (wait_for(fd, events, deadline) & POLLIN) {
      enum sr_io io = read_some(c, MSG_DONTWAIT);
      if (io != SR_IO_OK && io != SR_IO_TIMEOUT) return io;
      data = sr_tls_output(c->tls, &size);  // a key update may have moved it
    }
  }
  sr_tls_output_sent(c->tls);
  return SR_IO_OK;
}

static enum sr_io shake_hands(struct sr_connection *c, uint64_t deadline, char *error, size_t error_size) {
  for (;;) {
    enum sr_tls_step step = sr_tls_handshake(c->tls, error, error_size);
    enum sr_io io = flush(c, deadline, false);
    if (step == SR_TLS_UNTRUSTED) return SR_IO_UNTRUSTED;
    if (step == SR_TLS_FAILED) return SR_IO_CLOSED;
    if (io == SR_IO_OK && step == SR_TLS_DONE) return SR_IO_OK;
    ssize_t n = -1;
    while (io == SR_IO_OK) {
      n = recv(atomic_load(&c->fd), c->received, RECEIVE_SIZE, 0);
      if (n > 0) break;
      if (n == 0) io = SR_IO_CLOSED;
      else if (errno != EINTR && errno != EAGAIN) io = SR_IO_CLOSED;
      else if (past(c, deadline)) io = SR_IO_TIMEOUT;
    }
    if (io == SR_IO_OK && !sr_tls_feed(c->tls, c->received, (size_t)n)) io = SR_IO_MEMORY;
    if (io != SR_IO_OK) {
      snprintf(error, error_size, "TLS handshake: %s",
               io == SR_IO_TIMEOUT ? "no answer in time" : "the connection was closed");
      return io;
    }
  }
}

enum sr_io sr_connection_open(struct sr_connection *c, const struct sr_hsm_address *address,
                              struct sr_tls_context *context, uint64_t deadline, uint8_t key_hash[32], char *error,
                              size_t error_size) {
  enum sr_io io = connect_host(c, address, deadline, error, error_size);
  if (io != SR_IO_OK) return io;
  c->start = c->end = 0;
  if (c->received == NULL) c->received = malloc(RECEIVE_SIZE);
  c->tls = sr_tls_new(context);
  if (c->received == NULL || c->tls == NULL) {
    snprintf(error, error_size, "out of memory");
    io = SR_IO_MEMORY;
  } else {
    io = shake_hands(c, deadline, error, error_size);
  }
  if (io == SR_IO_OK && !sr_tls_peer_key_hash(c->tls, key_hash)) {
    snprintf(error, error_size, "the server's public key can't be read");
    io = SR_IO_UNTRUSTED;
  }
  if (io != SR_IO_OK) sr_connection_close(c, false);
  c->last_used = sr_now();
  return io;
}

bool sr_connection_has_ended(struct sr_connection *c) {
  uint64_t now = sr_now();
  if (now - c->last_used < 100) return false;  // busy connections are not asked: they would notice
  uint8_t byte;
  ssize_t n = recv(atomic_load(&c->fd), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR)) return true;
  if (n < 0) return false;
  // Something came while nothing was asked: a session ticket or a close_notify.
  return read_some(c, MSG_DONTWAIT) != SR_IO_OK;
}

enum sr_io sr_connection_send(struct sr_connection *c, const uint8_t *data, size_t size, uint64_t deadline) {
  if (!sr_tls_write(c->tls, data, size)) return SR_IO_CLOSED;
  return flush(c, deadline, true);
}

// Whether the answer was there before the time was over.
static bool watch(int fd) {
  uint64_t begun = sr_now_ns(), now = begun;
  while (now - begun < WATCH) {
    uint8_t byte;
    if (recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) >= 0 || errno != EAGAIN) return true;
    sched_yield();
    uint64_t before = now;
    now = sr_now_ns();
    if (now - before > YIELDED) return false;
  }
  return false;
}

void sr_connection_watch(struct sr_connection *c) {
  if (c->watch_rest > 0) {
    c->watch_rest--;
  } else if (watch(atomic_load_explicit(&c->fd, memory_order_relaxed))) {
    c->watch_misses = 0;
  } else {
    if (c->watch_misses < WATCH_RESTS) c->watch_misses++;
    c->watch_rest = (1u << c->watch_misses) - 1;
  }
}

static bool make_room(struct sr_connection *c, size_t more) {
  if (c->start > 0 && c->start == c->end) c->start = c->end = 0;
  if (c->capacity - c->end >= more) return true;
  size_t used = c->end - c->start, wanted = used + more;
  if (c->capacity < wanted || c->start < c->capacity / 2) {
    size_t capacity = c->capacity == 0 ? 2 * RECORD_SIZE : c->capacity;
    while (capacity < wanted) capacity *= 2;
    uint8_t *inbox = malloc(capacity);
    if (inbox == NULL) return false;
    if (used > 0) memcpy(inbox, c->inbox + c->start, used);
    if (c->inbox != NULL) explicit_bzero(c->inbox, c->end);
    free(c->inbox);
    c->inbox = inbox;
    c->capacity = capacity;
  } else {
    memmove(c->inbox, c->inbox + c->start, used);
  }
  c->start = 0;
  c->end = used;
  return true;
}

// One recv and all the plaintext that follows from it.
static enum sr_io read_some(struct sr_connection *c, int flags) {
  ssize_t n = recv(atomic_load_explicit(&c->fd, memory_order_relaxed), c->received, RECEIVE_SIZE, flags);
  if (n == 0) return SR_IO_CLOSED;
  if (n < 0) return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR ? SR_IO_TIMEOUT : SR_IO_CLOSED;
  size_t size = (size_t)n;
  for (;;) {
    if (!make_room(c, RECORD_SIZE)) return SR_IO_MEMORY;
    ssize_t got = sr_tls_exchange(c->tls, c->received, size, c->inbox + c->end, c->capacity - c->end);
    if (got < 0) return SR_IO_CLOSED;
    if (got == 0) return SR_IO_OK;
    c->end += (size_t)got;
    size = 0;
    if (!sr_tls_has_more(c->tls)) return SR_IO_OK;
  }
}

static size_t frame_size(const struct sr_connection *c) {
  const uint8_t *p = c->inbox + c->start;
  return (size_t)p[0] << 24 | (size_t)p[1] << 16 | (size_t)p[2] << 8 | p[3];
}

bool sr_connection_has_frame(const struct sr_connection *c) {
  size_t held = c->end - c->start;
  return held >= 4 && held - 4 >= frame_size(c);
}

enum sr_io sr_connection_frame(struct sr_connection *c, uint64_t deadline, const uint8_t **frame, size_t *size) {
  while (!sr_connection_has_frame(c)) {
    if (c->end - c->start >= 4 && frame_size(c) > SR_LIMIT_FRAME) return SR_IO_MALFORMED;
    enum sr_io io = read_some(c, 0);
    if (io == SR_IO_TIMEOUT && past(c, deadline)) return SR_IO_TIMEOUT;
    if (io != SR_IO_OK && io != SR_IO_TIMEOUT) return io;
  }
  *size = frame_size(c);
  if (*size > SR_LIMIT_FRAME) return SR_IO_MALFORMED;
  *frame = c->inbox + c->start + 4;
  c->start += 4 + *size;
  return SR_IO_OK;
}

void sr_connection_wipe(struct sr_connection *c) {
  c->last_used = sr_now();
  if (c->inbox == NULL || c->start != c->end) return;
  explicit_bzero(c->inbox, c->end);
  c->start = c->end = 0;
  if (c->capacity <= INBOX_KEPT) return;
  free(c->inbox);
  c->inbox = NULL;
  c->capacity = 0;
}

void sr_connection_close(struct sr_connection *c, bool polite) {
  if (c->tls != NULL && polite && sr_connection_is_open(c)) {
    sr_tls_close_notify(c->tls);
    flush(c, sr_now() + TICK, false);
  }
  drop_socket(c);
  sr_tls_free(c->tls);
  c->tls = NULL;
  if (c->inbox != NULL) explicit_bzero(c->inbox, c->end);
  free(c->inbox);
  free(c->received);
  c->inbox = c->received = NULL;
  c->start = c->end = c->capacity = 0;
}
