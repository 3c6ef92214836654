#define _GNU_SOURCE
#include "ctorture.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { NUMBERS = 1024, RESERVED = 300 };

/// One stranger, by its place. `ends` is set to have it leave; `signals` is what it got.
struct stranger {
    uint32_t ends;
    uint32_t signals;
};

static struct stranger *self;

static void hit(int number) {
    (void)number;
    __atomic_add_fetch(&self->signals, 1, __ATOMIC_SEQ_CST);
}

static _Noreturn void live(struct stranger *place) {
    self = place;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    prctl(PR_SET_NAME, "stranger");
    struct sigaction action = {.sa_handler = hit};
    for (int number = 1; number < NSIG; number++) sigaction(number, &action, NULL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    while (__atomic_load_n(&place->ends, __ATOMIC_SEQ_CST) == 0)
        syscall(SYS_futex, &place->ends, FUTEX_WAIT, 0, NULL, NULL, 0);
    _exit(0);
}

/// The largest number of this namespace, or 0.
static int largest_number(void) {
    int largest = 0;
    FILE *file = fopen("/proc/sys/kernel/pid_max", "re");
    if (file == NULL) return 0;
    if (fscanf(file, "%d", &largest) != 1) largest = 0;
    fclose(file);
    return largest;
}

/// How many numbers the kernel can give when it has come round: those below 300 it gives only once (alloc_pid in kernel/pid.c).
/// A thread has a number too, which /proc does not list and does know.
static int free_numbers(int largest) {
    int free = 0;
    for (int number = RESERVED; number < largest; number++) {
        char path[32];
        snprintf(path, sizeof path, "/proc/%d", number);
        if (access(path, F_OK) != 0) free++;
    }
    return free;
}

int ctorture_recycle(const char *held_path, const char *tally_path, int pause_us) {
    int held_file = open(held_path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    int tally_file = open(tally_path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (held_file < 0 || tally_file < 0 || ftruncate(held_file, NUMBERS) != 0) return errno;
    uint8_t *held = mmap(NULL, NUMBERS, PROT_READ | PROT_WRITE, MAP_SHARED, held_file, 0);
    struct stranger *places =
        mmap(NULL, NUMBERS * sizeof *places, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (held == MAP_FAILED || places == MAP_FAILED) return errno;
    pid_t pids[NUMBERS] = {0};
    unsigned long strangers = 0, signals = 0, killed = 0;
    unsigned seed = 1;
    for (;;) {
        int largest = largest_number();
        if (largest <= RESERVED || largest > NUMBERS) return ERANGE;
        // Half of them are left to the supervisor and its containers.
        int wanted = free_numbers(largest) - (largest - RESERVED) / 2;
        for (int place = 0; place < NUMBERS && wanted > 0; place++) {
            if (pids[place] != 0) continue;
            memset(&places[place], 0, sizeof places[place]);
            pid_t pid = fork();
            if (pid == 0) live(&places[place]);
            if (pid < 0) break;
            pids[place] = pid;
            held[pid] = 1;
            wanted--;
            strangers++;
        }
        int place = rand_r(&seed) % NUMBERS;
        for (int tries = 0; tries < NUMBERS && pids[place] == 0; tries++) place = (place + 1) % NUMBERS;
        if (pids[place] != 0) {
            __atomic_store_n(&places[place].ends, 1, __ATOMIC_SEQ_CST);
            syscall(SYS_futex, &places[place].ends, FUTEX_WAKE, 1, NULL, NULL, 0);
        }
        usleep((useconds_t)pause_us);
        for (place = 0; place < NUMBERS; place++) {
            int status;
            if (pids[place] == 0) continue;
            uint32_t got = __atomic_exchange_n(&places[place].signals, 0, __ATOMIC_SEQ_CST);
            signals += got;
            pid_t gone = waitpid(pids[place], &status, WNOHANG);
            if (gone != pids[place]) continue;
            if (WIFSIGNALED(status)) killed++;
            held[pids[place]] = 0;
            pids[place] = 0;
        }
        char line[96];
        int length = snprintf(line, sizeof line, "%12lu %12lu\n", strangers, signals + killed);
        if (pwrite(tally_file, line, (size_t)length, 0) != length) return errno;
    }
}
