#define _GNU_SOURCE
#include "clinux_clock.h"

#include <time.h>

static int64_t reading(clockid_t clock) {
    struct timespec now;
    if (clock_gettime(clock, &now) != 0) return 0;
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

int64_t clinux_clock_boottime(void) { return reading(CLOCK_BOOTTIME); }

int64_t clinux_clock_monotonic(void) { return reading(CLOCK_MONOTONIC); }

int64_t clinux_clock_realtime(void) { return reading(CLOCK_REALTIME); }
