// with_mock COMMAND ARGUMENT…: runs a program beside a mock HSM whose configuration stands in
// $STRONGROOM_PKCS11_CONFIG, and ends as it ended. For programs that load the built library, and must have nothing of
// ours in themselves.
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mock_hsm.h"

int main(int argc, char **argv) {
  if (argc < 2) return 2;
  struct mock_hsm hsm;
  mock_start(&hsm, 1);
  setenv("STRONGROOM_PKCS11_CONFIG", hsm.config, 1);
  pid_t child = fork();
  if (child == 0) {
    execvp(argv[1], argv + 1);
    perror(argv[1]);
    _exit(127);
  }
  int status = 0;
  waitpid(child, &status, 0);
  mock_stop(&hsm);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
