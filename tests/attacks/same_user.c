/*
 * What a program of the same user tries on a process that holds keys. A line for each way in: "NAME in" or "NAME refused: errno".
 *
 *   same_user try PID                attacks a process
 *   same_user control                attacks a child of its own that did nothing to protect itself: there the ways in are open
 *   same_user dump SIGNAL PROG ARG…  runs a program with as large a core limit as may be, waits for a line on standard input, kills the program, says "core" or "no core"
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

static char target_byte = 42;

static void say(const char *name, bool in) {
  if (in) printf("%s in\n", name);
  else printf("%s refused: %s\n", name, strerror(errno));
}

static bool attach(pid_t pid) {
  if (ptrace(PTRACE_ATTACH, pid, NULL, NULL) != 0) return false;
  waitpid(pid, NULL, __WALL);
  ptrace(PTRACE_DETACH, pid, NULL, NULL);
  return true;
}

static bool seize(pid_t pid) {
  if (ptrace(PTRACE_SEIZE, pid, NULL, NULL) != 0) return false;
  ptrace(PTRACE_INTERRUPT, pid, NULL, NULL);
  waitpid(pid, NULL, __WALL);
  ptrace(PTRACE_DETACH, pid, NULL, NULL);
  return true;
}

/* In a user namespace of its own the attacker has every capability, also CAP_SYS_PTRACE. */
static bool seize_as_namespace_root(pid_t pid) {
  int error[2];
  if (pipe(error) != 0) return false;
  pid_t child = fork();
  if (child == 0) {
    int code = unshare(CLONE_NEWUSER) == 0 && seize(pid) ? 0 : errno;
    _exit(write(error[1], &code, sizeof code) == sizeof code ? 0 : 1);
  }
  int code = EIO;
  if (read(error[0], &code, sizeof code) != sizeof code) code = EIO;
  waitpid(child, NULL, 0);
  close(error[0]);
  close(error[1]);
  errno = code;
  return code == 0;
}

/* Whatever is at the address: EFAULT comes only after the permission was given. */
static bool vm_read(pid_t pid) {
  char got;
  struct iovec local = {&got, 1}, remote = {&target_byte, 1};
  return process_vm_readv(pid, &local, 1, &remote, 1, 0) == 1 || errno == EFAULT;
}

static bool vm_write(pid_t pid) {
  char put = 43;
  struct iovec local = {&put, 1}, remote = {&target_byte, 1};
  return process_vm_writev(pid, &local, 1, &remote, 1, 0) == 1 || errno == EFAULT;
}

static bool take_descriptor(pid_t pid) {
  int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
  if (pidfd < 0) return false;
  int got = (int)syscall(SYS_pidfd_getfd, pidfd, 0, 0), error = errno;
  close(pidfd);
  if (got >= 0) close(got);
  errno = error;
  return got >= 0;
}

static bool open_file(pid_t pid, const char *name, int flags) {
  char path[64], bytes[8]; /* pagemap is read in entries of 8 */
  snprintf(path, sizeof path, "/proc/%d/%s", pid, name);
  int file = open(path, flags);
  if (file < 0) return false;
  bool in = (flags & O_ACCMODE) != O_RDONLY || strcmp(name, "mem") == 0 || read(file, bytes, sizeof bytes) == sizeof bytes;
  close(file);
  return in;
}

static bool list(pid_t pid, const char *name) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%d/%s", pid, name);
  DIR *directory = opendir(path);
  if (directory == NULL) return false;
  closedir(directory);
  return true;
}

static bool follow(pid_t pid, const char *name) {
  char path[64], target[256];
  snprintf(path, sizeof path, "/proc/%d/%s", pid, name);
  return readlink(path, target, sizeof target) >= 0;
}

static bool allow_cores(pid_t pid) {
  struct rlimit limit = {1 << 20, RLIM_INFINITY};
  if (prlimit(pid, RLIMIT_CORE, NULL, &limit) != 0) return false;
  limit.rlim_cur = limit.rlim_max;
  if (prlimit(pid, RLIMIT_CORE, &limit, NULL) != 0) return false;
  errno = 0; /* the hard limit is 0: nothing was gained */
  return limit.rlim_cur != 0;
}

static void try_all(pid_t pid) {
  say("ptrace-attach", attach(pid));
  say("ptrace-seize", seize(pid));
  say("ptrace-in-user-namespace", seize_as_namespace_root(pid));
  say("process_vm_readv", vm_read(pid));
  say("process_vm_writev", vm_write(pid));
  say("read-mem", open_file(pid, "mem", O_RDONLY));
  say("write-mem", open_file(pid, "mem", O_RDWR));
  say("maps", open_file(pid, "maps", O_RDONLY));
  say("smaps", open_file(pid, "smaps", O_RDONLY));
  say("pagemap", open_file(pid, "pagemap", O_RDONLY));
  say("environ", open_file(pid, "environ", O_RDONLY));
  say("auxv", open_file(pid, "auxv", O_RDONLY));
  say("coredump_filter", open_file(pid, "coredump_filter", O_WRONLY));
  say("descriptors", list(pid, "fd"));
  say("map_files", list(pid, "map_files"));
  say("executable", follow(pid, "exe"));
  say("working-directory", follow(pid, "cwd"));
  say("pidfd_getfd", take_descriptor(pid));
  say("core-limit", allow_cores(pid));
}

static int control(void) {
  pid_t child = fork();
  if (child == 0) {
    prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY, 0, 0, 0); /* where Yama lets parents alone trace */
    for (;;) pause();
  }
  usleep(100000);
  try_all(child);
  kill(child, SIGKILL);
  waitpid(child, NULL, 0);
  return 0;
}

static int dump(int signal_number, char **program) {
  struct rlimit limit;
  getrlimit(RLIMIT_CORE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_CORE, &limit);
  pid_t child = fork();
  if (child == 0) {
    execv(program[0], program);
    _exit(127);
  }
  char line[8];
  int status;
  if (fgets(line, sizeof line, stdin) == NULL) return 1;
  kill(child, signal_number);
  waitpid(child, &status, 0);
  printf("%s\n", WIFSIGNALED(status) && WCOREDUMP(status) ? "core" : "no core");
  return 0;
}

int main(int argc, char **argv) {
  setvbuf(stdout, NULL, _IOLBF, 0);
  if (argc == 3 && strcmp(argv[1], "try") == 0) try_all(atoi(argv[2]));
  else if (argc == 2 && strcmp(argv[1], "control") == 0) return control();
  else if (argc > 3 && strcmp(argv[1], "dump") == 0) return dump(atoi(argv[2]), argv + 3);
  else return 2;
  return 0;
}
