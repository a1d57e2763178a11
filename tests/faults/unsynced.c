/*
 * unsynced.so: a disk that forgets. Preloaded into a process, it keeps a second tree (the shadow) that holds only what was made durable:
 * a file's bytes as they were at its last fsync or fdatasync, a rename or an unlink only once the directory was fsynced.
 * After kill -9, the test puts the shadow in the place of the real tree: what a power cut would have left at worst.
 *
 *   UNSYNCED_ROOT    the tree that is watched (absolute path)
 *   UNSYNCED_SHADOW  the shadow tree; the test fills it with a copy of the root before the start
 *   UNSYNCED_IGNORE  optional: files whose syncs are swallowed (their paths end with one of these, separated by colons), to show that a forgotten fsync is seen
 *
 * A program that refuses a foreign environment gets it linked into the program that hosts it (host.c), with these three given to the compiler (-DUNSYNCED_ROOT='"/..."').
 * A file is copied whole at each sync: right for tests, far too slow for anything else.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define PENDING_MAX 4096

#ifndef UNSYNCED_ROOT
#define UNSYNCED_ROOT getenv("UNSYNCED_ROOT")
#define UNSYNCED_SHADOW getenv("UNSYNCED_SHADOW")
#define UNSYNCED_IGNORE getenv("UNSYNCED_IGNORE")
#endif

/* A rename (to is set) or unlink that its directory's fsync has not made durable yet. */
typedef struct {
    char *from;
    char *to;
} pending_change;

static struct {
    pthread_mutex_t lock;
    pending_change pending[PENDING_MAX];
    size_t count;
} state = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* The shadow's path of a real path, or false where the path is not watched. */
static bool shadow_of(const char *path, char out[PATH_MAX])
{
    const char *tree = UNSYNCED_ROOT;
    const char *shadow = UNSYNCED_SHADOW;
    if (tree == NULL || shadow == NULL) {
        return false;
    }
    size_t length = strlen(tree);
    if (strncmp(path, tree, length) != 0 || (path[length] != '/' && path[length] != '\0')) {
        return false;
    }
    return snprintf(out, PATH_MAX, "%s%s", shadow, path + length) < PATH_MAX;
}

static bool path_of(int fd, char out[PATH_MAX])
{
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, out, PATH_MAX - 1);
    if (n <= 0) {
        return false;
    }
    out[n] = '\0';
    return true;
}

static bool ignored(const char *path)
{
    const char *ignore = UNSYNCED_IGNORE;
    size_t length = strlen(path);
    for (const char *next = ignore; next != NULL && *next != '\0';) {
        const char *end = strchrnul(next, ':');
        size_t n = (size_t)(end - next);
        if (n > 0 && length >= n && strncmp(path + length - n, next, n) == 0) {
            return true;
        }
        next = *end == ':' ? end + 1 : end;
    }
    return false;
}

static void make_parents(char *path)
{
    for (char *slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(path, 0700);
        *slash = '/';
    }
}

/* Copies through a temporary file, so that a kill in the middle leaves the shadow as it was. */
static void copy_file(int from, char *to)
{
    char temporary[PATH_MAX + 8];
    make_parents(to);
    snprintf(temporary, sizeof temporary, "%s.copy", to);
    int out = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (out < 0) {
        return;
    }
    static __thread char buffer[1 << 16];
    off_t offset = 0;
    for (ssize_t n; (n = pread(from, buffer, sizeof buffer, offset)) > 0; offset += n) {
        if (write(out, buffer, (size_t)n) != n) {
            break;
        }
    }
    close(out);
    int (*real_rename)(const char *, const char *) = (int (*)(const char *, const char *))dlsym(RTLD_NEXT, "rename");
    real_rename(temporary, to);
}

/* The directory's entries are durable: so are the renames and unlinks inside it. */
static void settle(const char *directory)
{
    size_t length = strlen(directory);
    size_t kept = 0;
    for (size_t i = 0; i < state.count; i++) {
        pending_change *change = &state.pending[i];
        const char *name = change->to != NULL ? change->to : change->from;
        const char *slash = strrchr(name, '/');
        if ((size_t)(slash - name) != length || strncmp(name, directory, length) != 0) {
            state.pending[kept++] = *change;
            continue;
        }
        char from[PATH_MAX];
        char to[PATH_MAX];
        if (shadow_of(change->from, from)) {
            if (change->to != NULL && shadow_of(change->to, to)) {
                int (*real_rename)(const char *, const char *) = (int (*)(const char *, const char *))dlsym(RTLD_NEXT, "rename");
                real_rename(from, to);
            } else {
                int (*real_unlink)(const char *) = (int (*)(const char *))dlsym(RTLD_NEXT, "unlink");
                real_unlink(from);
            }
        }
        free(change->from);
        free(change->to);
    }
    state.count = kept;
}

static void synced(int fd)
{
    char path[PATH_MAX];
    char shadow[PATH_MAX];
    struct stat status;
    int saved = errno;
    if (path_of(fd, path) && shadow_of(path, shadow) && !ignored(path) && fstat(fd, &status) == 0) {
        pthread_mutex_lock(&state.lock);
        if (S_ISDIR(status.st_mode)) {
            settle(path);
        } else if (S_ISREG(status.st_mode)) {
            /* A descriptor opened for writing only can't be read: open the file again. */
            int again = open(path, O_RDONLY | O_CLOEXEC);
            if (again >= 0) {
                copy_file(again, shadow);
                close(again);
            }
        }
        pthread_mutex_unlock(&state.lock);
    }
    errno = saved;
}

static void remember(const char *from, const char *to)
{
    char shadow[PATH_MAX];
    if (!shadow_of(to != NULL ? to : from, shadow)) {
        return;
    }
    pthread_mutex_lock(&state.lock);
    if (state.count == PENDING_MAX) {
        fprintf(stderr, "unsynced: more than %d renames and unlinks without an fsync of their directory\n", PENDING_MAX);
        abort();
    }
    state.pending[state.count++] = (pending_change){strdup(from), to != NULL ? strdup(to) : NULL};
    pthread_mutex_unlock(&state.lock);
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

int fsync(int fd)
{
    int result = REAL(fsync)(fd);
    if (result == 0) {
        synced(fd);
    }
    return result;
}

int fdatasync(int fd)
{
    int result = REAL(fdatasync)(fd);
    if (result == 0) {
        synced(fd);
    }
    return result;
}

int rename(const char *from, const char *to)
{
    int result = REAL(rename)(from, to);
    if (result == 0) {
        remember(from, to);
    }
    return result;
}

int unlink(const char *path)
{
    int result = REAL(unlink)(path);
    if (result == 0) {
        remember(path, NULL);
    }
    return result;
}

/* Writes to a file opened with O_SYNC or O_DSYNC are durable when they return. */
static ssize_t written(int fd, ssize_t result)
{
    int saved = errno;
    int flags = result >= 0 ? fcntl(fd, F_GETFL) : -1;
    if (flags != -1 && (flags & (O_SYNC | O_DSYNC)) != 0) {
        synced(fd);
    }
    errno = saved;
    return result;
}

ssize_t write(int fd, const void *data, size_t size) { return written(fd, REAL(write)(fd, data, size)); }
ssize_t pwrite(int fd, const void *data, size_t size, off_t offset) { return written(fd, REAL(pwrite)(fd, data, size, offset)); }
ssize_t pwrite64(int fd, const void *data, size_t size, off64_t offset) { return written(fd, REAL(pwrite64)(fd, data, size, offset)); }
ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t offset) { return written(fd, REAL(pwritev)(fd, parts, count, offset)); }
