/* Code that gets itself loaded into a process (LD_PRELOAD, an engine or provider that a configuration names): leaves a file behind, and takes itself out of the environment. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

__attribute__((constructor)) static void loaded(void) {
  FILE *file = fopen(MARKER, "a");
  if (file != NULL) {
    fprintf(file, "%d\n", getpid());
    fclose(file);
  }
  unsetenv("LD_PRELOAD");
}
