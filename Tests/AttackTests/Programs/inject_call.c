// inject_call PID NUMBER [ARGUMENT...]: has a process that waits in the kernel make one system call, and prints what it returned:
// what somebody who has taken the process over could do.
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef __x86_64__
static int stop(pid_t process) {
    int status;
    return waitpid(process, &status, __WALL) == process && WIFSTOPPED(status);
}

// Stops it where it waits in a call; it may be at work just now.
static int stop_in_call(pid_t process, struct user_regs_struct *registers) {
    for (int attempt = 0; attempt < 500; attempt++) {
        if (ptrace(PTRACE_ATTACH, process, 0, 0) < 0 || !stop(process)) return perror("attach"), 0;
        if (ptrace(PTRACE_GETREGS, process, 0, registers) < 0) return perror("registers"), 0;
        if ((ptrace(PTRACE_PEEKTEXT, process, registers->rip - 2, 0) & 0xffff) == 0x050f) return 1;
        ptrace(PTRACE_DETACH, process, 0, 0);
        usleep(10000);
    }
    return fputs("it never waits in a call\n", stderr), 0;
}

int main(int count, char **words) {
    if (count < 3) return 2;
    pid_t process = atoi(words[1]);
    struct user_regs_struct before, now;
    unsigned long long arguments[6] = {0};
    for (int i = 3; i < count && i < 9; i++) arguments[i - 3] = strtoull(words[i], NULL, 0);
    if (!stop_in_call(process, &before)) return 1;
    now = before;
    now.rip -= 2;
    now.orig_rax = -1;
    now.rax = strtoull(words[2], NULL, 0);
    now.rdi = arguments[0], now.rsi = arguments[1], now.rdx = arguments[2];
    now.r10 = arguments[3], now.r8 = arguments[4], now.r9 = arguments[5];
    if (ptrace(PTRACE_SETREGS, process, 0, &now) < 0) return perror("set"), 1;
    if (ptrace(PTRACE_SINGLESTEP, process, 0, 0) < 0 || !stop(process)) return perror("step"), 1;
    if (ptrace(PTRACE_GETREGS, process, 0, &now) < 0) return perror("registers"), 1;
    printf("%lld\n", (long long)now.rax);
    ptrace(PTRACE_SETREGS, process, 0, &before);
    ptrace(PTRACE_DETACH, process, 0, 0);
    return 0;
}
#else
int main(void) { return 2; }
#endif
