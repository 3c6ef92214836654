#define _GNU_SOURCE
#include "clinux_fault.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static uint32_t *volatile noted;
static struct sigaction before[NSIG];
static const int faults[] = {SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV};

static __thread uint32_t own_number;

uint32_t clinux_thread_number(void) {
    // Asked for often; a process that forks must not ask in its child.
    if (own_number == 0) own_number = (uint32_t)syscall(SYS_gettid);
    return own_number;
}

// Only what signal-safety(7) allows.
static void on_fault(int number, siginfo_t *info, void *context) {
    (void)context;
    uint32_t *place = noted;
    if (place) {
        place[1] = (uint32_t)syscall(SYS_gettid);
        __atomic_store_n(place, (uint32_t)number, __ATOMIC_RELEASE);
    }
    sigaction(number, &before[number], NULL);
    // A faulting instruction is carried out again and faults again; what was sent has to be sent again.
    if (info->si_code <= 0) syscall(SYS_tgkill, getpid(), syscall(SYS_gettid), number);
}

int clinux_note_faults(uint32_t *place) {
    const int is_set = noted != NULL;
    noted = place;
    if (is_set) return 0;
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = on_fault;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
        if (sigaction(faults[i], &action, &before[faults[i]]) != 0) return -errno;
    return 0;
}

void clinux_give_fault_stack(void) {
    stack_t present;
    if (sigaltstack(NULL, &present) != 0 || !(present.ss_flags & SS_DISABLE)) return;
    stack_t own = {.ss_size = 64 << 10};
    own.ss_sp = malloc(own.ss_size);
    if (own.ss_sp && sigaltstack(&own, NULL) != 0) free(own.ss_sp);
}
