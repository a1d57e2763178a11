#include "histogram.h"

// Below 64: itself. Above: 64 steps an octave.
static unsigned place(uint64_t n) {
  if (n < 64) return (unsigned)n;
  unsigned octave = 63 - (unsigned)__builtin_clzll(n) - 6;
  unsigned at = (octave + 1) * 64 + (unsigned)(n >> octave & 63);
  return at < HISTOGRAM_SIZE ? at : HISTOGRAM_SIZE - 1;
}

static uint64_t value(unsigned at) {
  if (at < 64) return at;
  unsigned octave = at / 64 - 1;
  return (uint64_t)(64 + at % 64) << octave;
}

void histogram_add(struct histogram *h, uint64_t nanoseconds) {
  h->counts[place(nanoseconds)]++;
  h->total++;
  if (nanoseconds > h->largest) h->largest = nanoseconds;
}

void histogram_merge(struct histogram *into, const struct histogram *from) {
  for (unsigned i = 0; i < HISTOGRAM_SIZE; i++) into->counts[i] += from->counts[i];
  into->total += from->total;
  if (from->largest > into->largest) into->largest = from->largest;
}

uint64_t histogram_quantile(const struct histogram *h, double share) {
  uint64_t wanted = (uint64_t)((double)h->total * share), seen = 0;
  for (unsigned i = 0; i < HISTOGRAM_SIZE; i++) {
    seen += h->counts[i];
    if (seen > wanted) return value(i);
  }
  return h->largest;
}
