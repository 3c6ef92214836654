// What all probes share: a line for each, its name, a tab, and what came of it.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

static inline void say(const char *name, const char *format, ...) {
    va_list list;
    va_start(list, format);
    printf("%s\t", name);
    vprintf(format, list);
    putchar('\n');
    va_end(list);
}

// The name of what an outcome means: `ok`, or the error's.
static inline const char *outcome(long result) {
    return result >= 0 ? "ok" : strerrorname_np(errno);
}

// Runs a probe in a process of its own, and where mounting may be allowed in a mount namespace of its own, so that it changes
// nothing for the next.
static inline void alone(const char *name, long (*probe)(void)) {
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        unshare(CLONE_NEWNS);
        errno = 0;
        long result = probe();
        int code = result >= 0 ? 0 : errno;
        _exit(code > 250 ? 250 : code);
    }
    int status = 0;
    if (child < 0 || waitpid(child, &status, 0) < 0) say(name, "no process");
    else if (WIFSIGNALED(status)) say(name, "signal %d", WTERMSIG(status));
    else if (WEXITSTATUS(status)) say(name, "%s", strerrorname_np(WEXITSTATUS(status)) ?: "error");
    else say(name, "ok");
}
