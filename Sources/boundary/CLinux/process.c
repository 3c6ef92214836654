#define _GNU_SOURCE
#include "clinux_process.h"

#include <errno.h>
#include <malloc.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "inherited.h"

static int argument_count;
static char **argument_values;

__attribute__((constructor)) static void keep_arguments(int argc, char **argv, char **envp) {
    (void)envp;
    argument_count = argc;
    argument_values = argv;
}

int clinux_argument_count(void) { return argument_count; }

char *const *clinux_arguments(void) { return argument_values; }

const char *clinux_getenv(const char *name) { return getenv(name); }

static int64_t nanoseconds(struct timeval time) { return (int64_t)time.tv_sec * 1000000000 + time.tv_usec * 1000; }

int clinux_reap(struct clinux_exit *out) {
    struct rusage usage;
    int status;
    pid_t pid;
    do pid = wait4(-1, &status, WNOHANG | __WALL, &usage);
    while (pid < 0 && errno == EINTR);
    if (pid <= 0) return pid < 0 ? -errno : 0;
    out->pid = pid;
    out->status = status;
    out->user_ns = nanoseconds(usage.ru_utime);
    out->system_ns = nanoseconds(usage.ru_stime);
    out->max_rss_kib = usage.ru_maxrss;
    return 1;
}

int clinux_is_child(int pid) {
    siginfo_t info;
    return waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT | __WALL) < 0 ? -errno : 0;
}

int clinux_wait(int pid, int *status) {
    pid_t got;
    do got = waitpid(pid, status, 0);
    while (got < 0 && errno == EINTR);
    return got < 0 ? -errno : 0;
}

int clinux_kill(int pid, int signal) { return kill(pid, signal) < 0 ? -errno : 0; }

int clinux_getpid(void) { return getpid(); }

int clinux_getppid(void) { return getppid(); }

int clinux_set_subreaper(int on) { return prctl(PR_SET_CHILD_SUBREAPER, on, 0, 0, 0) < 0 ? -errno : 0; }

int clinux_set_name(const char *name) { return prctl(PR_SET_NAME, name, 0, 0, 0) < 0 ? -errno : 0; }

int clinux_set_parent_death_signal(int signal) {
    return prctl(PR_SET_PDEATHSIG, signal, 0, 0, 0) < 0 ? -errno : 0;
}

struct clinux_inherited clinux_inherited;

int clinux_signals_to_fd(void) {
    // Raw calls: the C library would leave out 32 and 33, which it uses for threads and which others may send.
    uint64_t all = ~0ULL;
    if (syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, NULL, sizeof all) < 0) return -errno;
    long fd = syscall(SYS_signalfd4, -1, &all, sizeof all, SFD_CLOEXEC | SFD_NONBLOCK);
    return fd < 0 ? -errno : (int)fd;
}

int clinux_next_signal(int signalfd) {
    struct signalfd_siginfo info;
    ssize_t got;
    do got = read(signalfd, &info, sizeof info);
    while (got < 0 && errno == EINTR);
    if (got < 0) return errno == EAGAIN ? 0 : -errno;
    return (int)info.ssi_signo;
}

int clinux_raise_open_files(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) < 0) return -errno;
    clinux_inherited.open_files = limit;
    clinux_inherited.open_files_raised = 1;
    limit.rlim_cur = limit.rlim_max;
    return setrlimit(RLIMIT_NOFILE, &limit) < 0 ? -errno : 0;
}

int64_t clinux_open_files_limit(void) {
    struct rlimit limit;
    return getrlimit(RLIMIT_NOFILE, &limit) < 0 ? -errno : (int64_t)limit.rlim_cur;
}

void clinux_exit_now(int code) { _exit(code); }

int clinux_spawn_close_from(posix_spawn_file_actions_t *actions, int first) {
    return posix_spawn_file_actions_addclosefrom_np(actions, first);
}

void clinux_let_go_of_heap(void) { (void)malloc_trim(0); }

void clinux_share_heaps(int most) { (void)mallopt(M_ARENA_MAX, most); }
