#ifndef CLINUX_CLOCK_H
#define CLINUX_CLOCK_H

#include <stdint.h>

/// CLOCK_BOOTTIME in nanoseconds.
int64_t clinux_clock_boottime(void);
/// CLOCK_MONOTONIC in nanoseconds: without the time that the machine was suspended.
int64_t clinux_clock_monotonic(void);
/// CLOCK_REALTIME in nanoseconds since 1970.
int64_t clinux_clock_realtime(void);

#endif
