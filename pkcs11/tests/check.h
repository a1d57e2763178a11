// The smallest test frame: CHECK counts and names what failed, CHECK_END prints the line that ./test sums up.
#ifndef STRONGROOM_CHECK_H
#define STRONGROOM_CHECK_H

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static _Atomic unsigned check_failed_here, check_tests_passed, check_tests_failed;

#define CHECK(condition)                                                            \
  do {                                                                              \
    if (!(condition)) {                                                             \
      fprintf(stderr, "    %s:%d: not true: %s\n", __FILE__, __LINE__, #condition); \
      atomic_fetch_add(&check_failed_here, 1);                                      \
    }                                                                               \
  } while (0)

#define CHECK_EQUAL(actual, expected)                                                                        \
  do {                                                                                                       \
    unsigned long check_a = (unsigned long)(actual), check_e = (unsigned long)(expected);                    \
    if (check_a != check_e) {                                                                                \
      fprintf(stderr, "    %s:%d: %s is 0x%lx, not 0x%lx\n", __FILE__, __LINE__, #actual, check_a, check_e); \
      atomic_fetch_add(&check_failed_here, 1);                                                               \
    }                                                                                                        \
  } while (0)

#define RUN(test)                                                               \
  do {                                                                          \
    atomic_store(&check_failed_here, 0);                                        \
    test();                                                                     \
    int check_bad = atomic_load(&check_failed_here) != 0;                       \
    printf("%s %s\n", check_bad ? "FAILED" : "passed", #test);                  \
    fflush(stdout);                                                             \
    atomic_fetch_add(check_bad ? &check_tests_failed : &check_tests_passed, 1); \
  } while (0)

#define CHECK_END()                                                                                      \
  (printf("%u passed, %u failed\n", atomic_load(&check_tests_passed), atomic_load(&check_tests_failed)), \
   atomic_load(&check_tests_failed) == 0 ? EXIT_SUCCESS : EXIT_FAILURE)

#endif
