#define _GNU_SOURCE
#include "clinux_init.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/syscall.h>
#include <unistd.h>

// As the kernel has them: the C library hides the signals 32 and 33.
struct kernel_action {
    uint64_t handler, flags, restorer, mask;
};

static uint64_t inherited_mask;
static struct kernel_action inherited_child_action;

void clinux_init_keep_signals(void) {
    struct kernel_action normal = {0};
    (void)syscall(SYS_rt_sigprocmask, SIG_BLOCK, NULL, &inherited_mask, sizeof inherited_mask);
    (void)syscall(SYS_rt_sigaction, SIGCHLD, &normal, &inherited_child_action, sizeof normal.mask);
    // posix_spawn(3) of glibc has its child ignore the two that it keeps for threads, which nobody asked for.
    for (int number = 32; number <= 33; number++)
        (void)syscall(SYS_rt_sigaction, number, &normal, NULL, sizeof normal.mask);
}

static _Noreturn void execute(char *const *arguments, int report) {
    setpgid(0, 0);
    // TTOU is blocked here, so this does not stop us.
    if (isatty(0)) (void)tcsetpgrp(0, getpgrp());
    (void)syscall(SYS_rt_sigaction, SIGCHLD, &inherited_child_action, NULL, sizeof inherited_mask);
    (void)syscall(SYS_rt_sigprocmask, SIG_SETMASK, &inherited_mask, NULL, sizeof inherited_mask);
    execvp(arguments[0], arguments);
    int code = errno;
    (void)!write(report, &code, sizeof code);
    _exit(code == ENOENT ? 127 : 126);
}

int clinux_init_start(char *const *arguments, int32_t *pid, int *pidfd, int *failure) {
    int ends[2], process = -1;
    *failure = 0;
    if (pipe2(ends, O_CLOEXEC) < 0) return -errno;
    struct clone_args how = {
        .flags = CLONE_PIDFD, .pidfd = (uint64_t)(uintptr_t)&process, .exit_signal = SIGCHLD};
    long child = syscall(SYS_clone3, &how, sizeof how);
    // The filters of container runtimes refuse clone3, whose flags they cannot see.
    if (child < 0 && (errno == ENOSYS || errno == EPERM))
        child = syscall(SYS_clone, CLONE_PIDFD | SIGCHLD, NULL, &process, NULL, NULL);
    int code = errno;
    if (child == 0) execute(arguments, ends[1]);
    close(ends[1]);
    if (child < 0) {
        close(ends[0]);
        return -code;
    }
    // The end of the pipe is the success of execve.
    ssize_t got;
    do got = read(ends[0], failure, sizeof *failure);
    while (got < 0 && errno == EINTR);
    if (got != sizeof *failure) *failure = 0;
    close(ends[0]);
    *pid = (int32_t)child;
    *pidfd = process;
    return 0;
}

int clinux_init_signal_group(int32_t pid, int signal) { return kill(-pid, signal) < 0 ? -errno : 0; }

int clinux_init_kill_rest(void) {
    if (getpid() == 1) return kill(-1, SIGKILL) < 0 ? -errno : 0;
    // None of them is reaped while this reads, so no number is a stranger's.
    char path[64];
    snprintf(path, sizeof path, "/proc/self/task/%d/children", getpid());
    FILE *list = fopen(path, "re");
    if (!list) return -errno;
    int pid;
    while (fscanf(list, "%d", &pid) == 1) (void)kill(pid, SIGKILL);
    fclose(list);
    return 0;
}

void clinux_init_pause(int milliseconds) { (void)poll(NULL, 0, milliseconds); }

int clinux_init_signal_number(const char *text) {
    char *end;
    long number = strtol(text, &end, 10);
    if (*text && !*end) return number >= 1 && number <= 64 ? (int)number : 0;
    if (strncasecmp(text, "SIG", 3) == 0) text += 3;
    for (int signal = 1; signal < 32; signal++) {
        const char *name = sigabbrev_np(signal);
        if (name && strcasecmp(text, name) == 0) return signal;
    }
    return 0;
}
