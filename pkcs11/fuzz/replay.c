// What the fuzzers found worth keeping, run again without a fuzzer: replay DIRECTORY. A crash or a trap is the failure.
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int main(int argc, char **argv) {
  DIR *directory = argc == 2 ? opendir(argv[1]) : NULL;
  if (directory == NULL) return 2;
  unsigned inputs = 0;
  for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
    char path[1024];
    static uint8_t data[65536];
    snprintf(path, sizeof path, "%s/%s", argv[1], entry->d_name);
    FILE *file = entry->d_name[0] != '.' ? fopen(path, "rb") : NULL;
    if (file == NULL) continue;
    size_t size = fread(data, 1, sizeof data, file);
    fclose(file);
    LLVMFuzzerTestOneInput(data, size);
    inputs++;
  }
  closedir(directory);
  printf("%d passed, %d failed\n", inputs > 100, inputs <= 100);
  return inputs > 100 ? 0 : 1;
}
