#define _GNU_SOURCE
#include "clinux_process.h"
#include "inherited.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/sched.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

int clinux_fill_standard_streams(void) {
    int fd;
    do fd = open("/dev/null", O_RDWR);
    while (fd >= 0 && fd < 3);
    if (fd < 0) return -errno;
    close(fd);
    return 0;
}

void *clinux_zeroed(size_t count, size_t size) { return calloc(count, size); }

void clinux_complain(const char *before, int64_t number, const char *after) {
    char line[512];
    int length = number < 0 ? snprintf(line, sizeof line, "sereno-keeper: %s%s\n", before, after)
                            : snprintf(line, sizeof line, "sereno-keeper: %s%lld%s\n", before, (long long)number, after);
    if (length < 0) return;
    if (length >= (int)sizeof line) length = sizeof line - 1;
    struct pollfd out = {.fd = 2, .events = POLLOUT};
    if (poll(&out, 1, 0) == 1 && out.revents & POLLOUT) (void)!write(2, line, (size_t)length);
}

void clinux_reset_signals(void) {
    // struct sigaction of the kernel, all zero: SIG_DFL, no flags, nothing masked.
    uint64_t action[4] = {0};
    for (int number = 1; number <= 64; number++) (void)syscall(SYS_rt_sigaction, number, action, NULL, sizeof(uint64_t));
}

// The working directory is kept by its name: setns(2) goes to the root of the namespace.
static int enter_mounts(int mounts) {
    char directory[PATH_MAX];
    if (!getcwd(directory, sizeof directory)) directory[0] = 0;
    if (setns(mounts, CLONE_NEWNS) < 0) return -1;
    if (directory[0]) (void)!chdir(directory);
    return 0;
}

static _Noreturn void execute(char *const *arguments, int program, int socket, const char *variable, int mounts) {
    if (mounts == CLINUX_MOUNTS_OF_ITS_OWN && mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL) < 0) {
        fprintf(stderr, "sereno-keeper: mounts of its own for %s: %s\n", arguments[0], strerror(errno));
        _exit(126);
    }
    if (mounts >= 0 && enter_mounts(mounts) < 0) {
        fprintf(stderr, "sereno-keeper: the mounts kept for %s: %s\n", arguments[0], strerror(errno));
        _exit(126);
    }
    if (mounts != CLINUX_MOUNTS_OF_CALLER && setenv("SERENO_KEEPER_MOUNTS", "own", 1) < 0) _exit(126);
    if (clinux_inherited.open_files_raised)
        (void)syscall(SYS_prlimit64, 0, RLIMIT_NOFILE, &clinux_inherited.open_files, NULL);
    if (socket >= 0) {
        // dup2 onto itself would leave close-on-exec set.
        int ready = socket == 3 ? fcntl(3, F_SETFD, 0) : dup2(socket, 3);
        if (ready < 0 || setenv(variable, "3", 1) < 0) _exit(126);
    } else {
        setpgid(0, 0);
        if (isatty(0)) (void)tcsetpgrp(0, getpgrp());  // TTOU is blocked here, so this does not stop us
    }
    uint64_t none = 0;
    clinux_reset_signals();
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &none, NULL, sizeof none);
    if (program >= 0)
        syscall(SYS_execveat, program, "", arguments, environ, AT_EMPTY_PATH);
    else
        execvp(arguments[0], arguments);
    int code = errno;
    fprintf(stderr, "sereno-keeper: cannot execute %s: %s\n", arguments[0], strerror(code));
    _exit(code == ENOENT ? 127 : 126);
}

int clinux_start(
    char *const *arguments, int program, int socket, const char *variable, int mounts, int32_t *pid, int *pidfd) {
    int process = -1;
    uint64_t own = mounts == CLINUX_MOUNTS_OF_ITS_OWN ? CLONE_NEWNS : 0;
    struct clone_args how = {
        .flags = CLONE_PIDFD | own, .pidfd = (uint64_t)(uintptr_t)&process, .exit_signal = SIGCHLD};
    long child = syscall(SYS_clone3, &how, sizeof how);
    // Without the right to it, or with no namespace left, the caller's mounts have to do.
    if (child < 0 && own) {
        mounts = CLINUX_MOUNTS_OF_CALLER;
        how.flags = CLONE_PIDFD;
        child = syscall(SYS_clone3, &how, sizeof how);
    }
    // As the init of a container: the filters of container runtimes refuse clone3, whose flags they cannot see.
    if (child < 0 && (errno == ENOSYS || errno == EPERM))
        child = syscall(SYS_clone, CLONE_PIDFD | SIGCHLD, NULL, &process, NULL, NULL);
    if (child < 0) return -errno;
    if (child == 0) execute(arguments, program, socket, variable, mounts);
    *pid = (int32_t)child;
    *pidfd = process;
    return 0;
}

int clinux_open_mounts(int pid) {
    char path[48];
    snprintf(path, sizeof path, "/proc/%d/ns/mnt", pid);
    struct stat own, other;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return -errno;
    if (fstat(fd, &other) < 0 || stat("/proc/self/ns/mnt", &own) < 0) {
        int code = errno;
        close(fd);
        return -code;
    }
    if (own.st_ino != other.st_ino) return fd;
    close(fd);
    return -EEXIST;
}

// proc_pid_mountinfo(5): the fifth field is the mount point, and optional fields come before the one that is a hyphen.
int clinux_root_is_shared(void) {
    FILE *file = fopen("/proc/self/mountinfo", "re");
    if (!file) return 0;
    char *line = NULL;
    size_t room = 0;
    int shared = 0;
    while (getline(&line, &room, file) > 0) {
        char point[3];
        if (sscanf(line, "%*s %*s %*s %*s %2s", point) != 1 || strcmp(point, "/") != 0) continue;
        char *end = strstr(line, " - "), *tag = strstr(line, " shared:");
        // The last one is on top.
        shared = tag && end && tag < end;
    }
    free(line);
    fclose(file);
    return shared;
}
