#define _GNU_SOURCE
#include "ctorture.h"

#include <elf.h>
#include <errno.h>
#include <linux/sched.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { TRACEES = 64 };

/// A process under the tracer, and where it is.
struct tracee {
    pid_t pid;
    bool is_counted;
    bool fails_now;
    int32_t counted;
};

struct ctorture_tracer {
    struct ctorture_fault fault;
    struct ctorture_outcome outcome;
    struct tracee tracees[TRACEES];
    pthread_t thread;
    sem_t began;
    int error;
    int stop;
};

static struct tracee *find(struct ctorture_tracer *tracer, pid_t pid, bool make) {
    struct tracee *empty = NULL;
    for (int i = 0; i < TRACEES; i++) {
        if (tracer->tracees[i].pid == pid) return &tracer->tracees[i];
        if (tracer->tracees[i].pid == 0 && empty == NULL) empty = &tracer->tracees[i];
    }
    if (!make || empty == NULL) return NULL;
    *empty = (struct tracee){.pid = pid};
    return empty;
}

/// Has the call that is being entered not carried out, or gives the result of one that is being left.
static int set_register(pid_t pid, bool entering, long value) {
#if defined(__x86_64__)
    struct user_regs_struct registers;
    struct iovec area = {&registers, sizeof registers};
    if (ptrace(PTRACE_GETREGSET, pid, NT_PRSTATUS, &area) != 0) return errno;
    if (entering) registers.orig_rax = (unsigned long long)value;
    else registers.rax = (unsigned long long)value;
    return ptrace(PTRACE_SETREGSET, pid, NT_PRSTATUS, &area) == 0 ? 0 : errno;
#elif defined(__aarch64__)
    if (entering) {
        int call = (int)value;
        struct iovec area = {&call, sizeof call};
        return ptrace(PTRACE_SETREGSET, pid, 0x404 /* NT_ARM_SYSTEM_CALL */, &area) == 0 ? 0 : errno;
    }
    struct user_regs_struct registers;
    struct iovec area = {&registers, sizeof registers};
    if (ptrace(PTRACE_GETREGSET, pid, NT_PRSTATUS, &area) != 0) return errno;
    registers.regs[0] = (unsigned long long)value;
    return ptrace(PTRACE_SETREGSET, pid, NT_PRSTATUS, &area) == 0 ? 0 : errno;
#else
    (void)pid, (void)entering, (void)value;
    return ENOSYS;
#endif
}

/// A process cannot be kept from ending, close(2) and munmap(2) do their work whatever they say, and waiting is no step of a launch.
static bool may_fail(uint64_t call) {
    switch (call) {
    case SYS_exit:
    case SYS_exit_group:
    case SYS_rt_sigreturn:
    case SYS_close:
    case SYS_munmap:
    case SYS_epoll_pwait: return false;
#ifdef SYS_epoll_wait
    case SYS_epoll_wait: return false;
#endif
    default: return true;
    }
}

static bool is_into_cgroup(pid_t pid, const struct __ptrace_syscall_info *info) {
    if (info->entry.nr != SYS_clone3) return false;
    errno = 0;
    long flags = ptrace(PTRACE_PEEKDATA, pid, (void *)(uintptr_t)info->entry.args[0], NULL);
    return errno == 0 && ((uint64_t)flags & CLONE_INTO_CGROUP) != 0;
}

static void at_call(struct ctorture_tracer *tracer, struct tracee *tracee) {
    struct __ptrace_syscall_info info;
    if (ptrace(PTRACE_GET_SYSCALL_INFO, tracee->pid, (void *)sizeof info, &info) <= 0) return;
    if (info.op == PTRACE_SYSCALL_INFO_ENTRY) {
        if (!tracee->is_counted || !may_fail(info.entry.nr)) return;
        if (tracer->fault.only_into_cgroup && !is_into_cgroup(tracee->pid, &info)) return;
        tracee->counted++;
        if (tracee->counted > tracer->outcome.counted) tracer->outcome.counted = tracee->counted;
            bool is_it = tracer->fault.only_into_cgroup
            || (tracee->counted == tracer->fault.number && tracer->outcome.call < 0);
        if (!is_it || set_register(tracee->pid, true, -1) != 0) return;
        tracee->fails_now = true;
        tracer->outcome.call = (int64_t)info.entry.nr;
    } else if (info.op == PTRACE_SYSCALL_INFO_EXIT && tracee->fails_now) {
        tracee->fails_now = false;
        (void)set_register(tracee->pid, false, -(long)tracer->fault.error);
    }
}

static void go_on(struct tracee *tracee, int signal) {
    (void)ptrace(tracee->is_counted ? PTRACE_SYSCALL : PTRACE_CONT, tracee->pid, NULL, (void *)(intptr_t)signal);
}

static void stopped(struct ctorture_tracer *tracer, struct tracee *tracee, int status) {
    int signal = WSTOPSIG(status), event = status >> 16;
    if (signal == (SIGTRAP | 0x80)) {
        at_call(tracer, tracee);
        go_on(tracee, 0);
    } else if (event == PTRACE_EVENT_EXEC && tracer->fault.tracee == CTORTURE_CHILDREN) {
        tracer->outcome.executed++;
        (void)ptrace(PTRACE_DETACH, tracee->pid, NULL, NULL);
        tracee->pid = 0;
    } else if (event == PTRACE_EVENT_STOP && signal != SIGTRAP) {
        (void)ptrace(PTRACE_LISTEN, tracee->pid, NULL, NULL);
    } else {
        go_on(tracee, event != 0 ? 0 : signal);
    }
}

/// Lets every tracee go; one that runs is stopped for it first.
static void let_go(struct ctorture_tracer *tracer) {
    for (int i = 0; i < TRACEES; i++) {
        struct tracee *tracee = &tracer->tracees[i];
        int status;
        if (tracee->pid == 0) continue;
        (void)ptrace(PTRACE_INTERRUPT, tracee->pid, NULL, NULL);
        while (waitpid(tracee->pid, &status, __WALL | __WNOTHREAD) == tracee->pid && WIFSTOPPED(status)) {
            int signal = WSTOPSIG(status);
            bool is_signal = status >> 16 == 0 && signal != (SIGTRAP | 0x80);
            if (signal == (SIGTRAP | 0x80)) at_call(tracer, tracee);
            if (tracee->fails_now) {
                go_on(tracee, 0);
                continue;
            }
            (void)ptrace(PTRACE_DETACH, tracee->pid, NULL, (void *)(intptr_t)(is_signal ? signal : 0));
            break;
        }
    }
}

static void *trace(void *argument) {
    struct ctorture_tracer *tracer = argument;
    pid_t process = tracer->fault.process;
    long options =
        PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACEEXEC;
    int status;
    if (ptrace(PTRACE_SEIZE, process, NULL, (void *)options) != 0) tracer->error = errno;
    if (tracer->error == 0) {
        (void)ptrace(PTRACE_INTERRUPT, process, NULL, NULL);
        (void)waitpid(process, &status, __WALL | __WNOTHREAD);
        struct tracee *first = find(tracer, process, true);
        first->is_counted = tracer->fault.tracee == CTORTURE_ITSELF;
        go_on(first, 0);
    }
    sem_post(&tracer->began);
    if (tracer->error != 0) return NULL;
    for (int idle = 0; __atomic_load_n(&tracer->stop, __ATOMIC_SEQ_CST) == 0;) {
        pid_t pid = waitpid(-1, &status, __WALL | __WNOTHREAD | WNOHANG);
        if (pid <= 0) {
            if (++idle > 200) usleep(200);
            else sched_yield();
            continue;
        }
        idle = 0;
        struct tracee *tracee = find(tracer, pid, true);
        if (tracee == NULL) continue;
        if (!WIFSTOPPED(status)) {
            tracee->pid = 0;
            continue;
        }
        if (pid != process) tracee->is_counted = tracer->fault.tracee == CTORTURE_CHILDREN;
        stopped(tracer, tracee, status);
    }
    let_go(tracer);
    return NULL;
}

struct ctorture_tracer *ctorture_start(const struct ctorture_fault *fault, int *error) {
    struct ctorture_tracer *tracer = calloc(1, sizeof *tracer);
    *error = ENOMEM;
    if (tracer == NULL) return NULL;
    tracer->fault = *fault;
    tracer->outcome.call = -1;
    sem_init(&tracer->began, 0, 0);
    *error = pthread_create(&tracer->thread, NULL, trace, tracer);
    if (*error == 0) {
        while (sem_wait(&tracer->began) != 0) {}
        *error = tracer->error;
        if (*error == 0) return tracer;
        pthread_join(tracer->thread, NULL);
    }
    free(tracer);
    return NULL;
}

void ctorture_finish(struct ctorture_tracer *tracer, struct ctorture_outcome *outcome) {
    __atomic_store_n(&tracer->stop, 1, __ATOMIC_SEQ_CST);
    pthread_join(tracer->thread, NULL);
    *outcome = tracer->outcome;
    sem_destroy(&tracer->began);
    free(tracer);
}
