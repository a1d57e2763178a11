// Latencies of one thread: exact to 1/64 of their size, in fixed memory, so that measuring costs next to nothing.
#ifndef STRONGROOM_HISTOGRAM_H
#define STRONGROOM_HISTOGRAM_H

#include <stdint.h>

enum { HISTOGRAM_SIZE = 64 * 40 };

struct histogram {
  uint64_t counts[HISTOGRAM_SIZE];
  uint64_t total;
  uint64_t largest;  // nanoseconds
};

void histogram_add(struct histogram *h, uint64_t nanoseconds);
void histogram_merge(struct histogram *into, const struct histogram *from);
// The latency that `share` of the calls did not pass, in nanoseconds.
uint64_t histogram_quantile(const struct histogram *h, double share);

#endif
