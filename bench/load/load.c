// Drives a PKCS#11 module with threads and prints one line of JSON.
//   load --module SO --token LABEL --pin PIN --work W --threads N --seconds S [--size BYTES] [--keys N]
//        [--prefix LABEL] [--makers N] [--hsm PID]
// Each thread has a session of its own and calls again as soon as it has its answer (a closed loop). The first tenth of
// the time is not counted. Times are of CLOCK_MONOTONIC; CPU is what this process used meanwhile, by getrusage, and
// what the HSM's process did, by /proc/PID/stat.
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "fill.h"
#include "histogram.h"
#include "work.h"

enum { WAIT, WARM_UP, MEASURE, STOP };

struct thread {
  struct worker worker;
  const struct work *work;
  struct histogram latencies;
  unsigned long failures;
  CK_RV first_failure;
  pthread_t id;
};

static _Atomic int phase = WAIT;

static uint64_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static double cpu_seconds(void) {
  struct rusage u;
  getrusage(RUSAGE_SELF, &u);
  return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) + (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

// The fields after the command's closing parenthesis; utime and stime are the 14th and 15th of the line.
static double hsm_cpu_seconds(unsigned pid) {
  char path[32], line[1024];
  snprintf(path, sizeof path, "/proc/%u/stat", pid);
  FILE *file = pid != 0 ? fopen(path, "r") : NULL;
  if (file == NULL) return 0;
  unsigned long user = 0, kernel = 0;
  const char *rest = fgets(line, sizeof line, file) != NULL ? strrchr(line, ')') : NULL;
  if (rest != NULL) sscanf(rest + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &kernel);
  fclose(file);
  return (double)(user + kernel) / (double)sysconf(_SC_CLK_TCK);
}

static void *run(void *argument) {
  struct thread *t = argument;
  while (atomic_load_explicit(&phase, memory_order_acquire) == WAIT) usleep(100);
  int current;
  while ((current = atomic_load_explicit(&phase, memory_order_relaxed)) != STOP) {
    uint64_t begun = now();
    CK_RV rv = t->work->call(&t->worker);
    uint64_t took = now() - begun;
    if (rv != CKR_OK) {
      if (t->failures++ == 0) t->first_failure = rv;
      usleep(1000);
    } else if (current == MEASURE) {
      histogram_add(&t->latencies, took);
    }
  }
  return NULL;
}

static void start_worker(struct thread *t, const struct module *m, const struct options *o,
                         const struct material *material, unsigned number) {
  struct worker *w = &t->worker;
  w->m = m;
  w->o = o;
  w->material = material;
  w->number = number;
  w->random = 0x9E3779B97F4A7C15u * (number + 1) ^ now();
  w->session = module_session(m);
  w->out_size = o->size + 1024;
  w->in = calloc(1, o->size + 1024);
  w->out = calloc(1, w->out_size);
  for (CK_ULONG i = 0; i < o->size + 64; i++) w->in[i] = (CK_BYTE)worker_random(w);
  if (pthread_create(&t->id, NULL, run, t) != 0) {
    fprintf(stderr, "load: a thread can't be started\n");
    exit(2);
  }
}

static void pause_for(double seconds) {
  struct timespec t = {.tv_sec = (time_t)seconds, .tv_nsec = (long)((seconds - (double)(time_t)seconds) * 1e9)};
  nanosleep(&t, NULL);
}

static void report(const struct options *o, const struct histogram *h, unsigned long failures, double seconds,
                   double cpu, double hsm_cpu) {
  double calls = (double)h->total;
  printf(
      "{\"work\":\"%s\",\"threads\":%u,\"size\":%lu,\"keys\":%lu,\"calls\":%lu,\"failures\":%lu,\"seconds\":%.3f,\"per_"
      "second\":%.1f,"
      "\"p50_us\":%.1f,\"p99_us\":%.1f,\"max_us\":%.1f,\"cpu_us_per_call\":%.2f,\"hsm_cpu_us_per_call\":%.2f}\n",
      o->work, o->threads, o->size, o->keys, (unsigned long)h->total, failures, seconds, calls / seconds,
      (double)histogram_quantile(h, 0.5) / 1e3, (double)histogram_quantile(h, 0.99) / 1e3, (double)h->largest / 1e3,
      calls > 0 ? cpu * 1e6 / calls : 0, calls > 0 ? hsm_cpu * 1e6 / calls : 0);
}

static void measure(const struct module *m, const struct options *o, const struct work *work) {
  struct material material = {0};
  if (work->prepare != NULL) work->prepare(m, o, &material);
  struct thread *threads = calloc(o->threads, sizeof *threads);
  struct histogram *all = calloc(1, sizeof *all);
  for (unsigned i = 0; i < o->threads; i++) {
    threads[i].work = work;
    start_worker(&threads[i], m, o, &material, i);
  }
  atomic_store(&phase, WARM_UP);
  pause_for(o->seconds / 10);
  double cpu = cpu_seconds(), hsm_cpu = hsm_cpu_seconds(o->hsm);
  uint64_t begun = now();
  atomic_store(&phase, MEASURE);
  pause_for(o->seconds);
  atomic_store(&phase, STOP);
  double seconds = (double)(now() - begun) / 1e9;
  cpu = cpu_seconds() - cpu;
  hsm_cpu = hsm_cpu_seconds(o->hsm) - hsm_cpu;
  unsigned long failures = 0;
  for (unsigned i = 0; i < o->threads; i++) {
    pthread_join(threads[i].id, NULL);
    histogram_merge(all, &threads[i].latencies);
    if (threads[i].failures > 0 && failures == 0)
      fprintf(stderr, "load: first failure: 0x%lx\n", threads[i].first_failure);
    failures += threads[i].failures;
  }
  report(o, all, failures, seconds, cpu, hsm_cpu);
  for (unsigned i = 0; i < o->threads; i++) {
    struct worker *w = &threads[i].worker;
    for (size_t k = 0; k < w->made_count; k++) m->f->C_DestroyObject(m->session, w->made[k]);
    free(w->made);
    free(w->in);
    free(w->out);
  }
  if (work->clean != NULL) work->clean(m, o, &material);
  free(threads);
  free(all);
}

static int usage(void) {
  fprintf(stderr,
          "usage: load --module SO --token LABEL --pin PIN --work W --threads N --seconds S [--size BYTES] [--keys "
          "N] [--prefix LABEL] [--makers N] [--hsm PID]\nwork:");
  work_list();
  fprintf(stderr,
          "\nexample: load --module \"$STRONGROOM_PKCS11_MODULE\" --token hsm1 --pin user:password --work p256-sign "
          "--threads 16 --seconds 5\n");
  return 2;
}

int main(int argc, char **argv) {
  struct options o = {
      .threads = 1, .seconds = 2, .size = 0, .keys = 1000, .prefix = "load-find", .makers = FILL_MOST_MAKERS};
  for (int i = 1; i + 1 < argc; i += 2) {
    const char *name = argv[i], *value = argv[i + 1];
    if (strcmp(name, "--module") == 0) o.module = value;
    else if (strcmp(name, "--token") == 0) o.label = value;
    else if (strcmp(name, "--pin") == 0) o.pin = value;
    else if (strcmp(name, "--work") == 0) o.work = value;
    else if (strcmp(name, "--threads") == 0) o.threads = (unsigned)strtoul(value, NULL, 10);
    else if (strcmp(name, "--seconds") == 0) o.seconds = strtod(value, NULL);
    else if (strcmp(name, "--size") == 0) o.size = strtoul(value, NULL, 10);
    else if (strcmp(name, "--keys") == 0) o.keys = strtoul(value, NULL, 10);
    else if (strcmp(name, "--prefix") == 0) o.prefix = value;
    else if (strcmp(name, "--makers") == 0) o.makers = (unsigned)strtoul(value, NULL, 10);
    else if (strcmp(name, "--hsm") == 0) o.hsm = (unsigned)strtoul(value, NULL, 10);
    else return usage();
  }
  const struct work *work = o.work != NULL ? work_find(o.work) : NULL;
  if (argc % 2 == 0 || o.module == NULL || o.label == NULL || o.pin == NULL || work == NULL || o.threads == 0 ||
      o.threads > 1024 || o.seconds <= 0 || o.size > 1 << 20 || o.keys == 0 || o.makers == 0 ||
      o.makers > FILL_MOST_MAKERS || strlen(o.prefix) > 32)
    return usage();
  struct module m;
  module_open(&m, o.module, o.label, o.pin);
  measure(&m, &o, work);
  module_close(&m);
  return 0;
}
