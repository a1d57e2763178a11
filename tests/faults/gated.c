/*
 * gated: a disk that has stopped answering. While the file GATE (a path, given to the compiler) exists, fsync and fdatasync wait; then they do their work.
 * Linked into the program that hosts an HSM (host.c).
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static void wait_for_the_disk(void)
{
    while (access(GATE, F_OK) == 0) {
        usleep(5000);
    }
}

int fsync(int fd)
{
    wait_for_the_disk();
    return REAL(fsync)(fd);
}

int fdatasync(int fd)
{
    wait_for_the_disk();
    return REAL(fdatasync)(fd);
}
