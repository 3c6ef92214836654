#pragma once

// What the torture needs of the kernel: strangers that take the numbers of dead processes, and a tracer that makes one system
// call of a launch fail.

#include <stdint.h>
#include <sys/types.h>

/// Fills half of the process numbers that this PID namespace can still give with strangers, ends one of them every `pause_us`
/// microseconds and puts others in the place of what is free, until it is killed. A stranger does nothing and gets no signal
/// from anybody but a supervisor that takes it for another process. Byte N of the file `held` is 1 while a stranger has number N; the
/// text file `tally` says how many strangers there were and how many signals they got. Returns an errno.
int ctorture_recycle(const char *held, const char *tally, int pause_us);

/// Whose system calls are counted.
enum ctorture_tracee {
    /// Those of each process that the traced one makes, until it executes a program.
    CTORTURE_CHILDREN = 0,
    /// Those of the traced process itself.
    CTORTURE_ITSELF = 1,
};

/// A call that is to fail.
struct ctorture_fault {
    int32_t process;
    /// enum ctorture_tracee
    int32_t tracee;
    /// The how-manieth call from now on; 0 lets all be carried out.
    int32_t number;
    /// What it fails with, instead of being carried out.
    int32_t error;
    /// Only clone3(2) with CLONE_INTO_CGROUP counts.
    int32_t only_into_cgroup;
};

struct ctorture_outcome {
    /// How many calls were counted.
    int32_t counted;
    /// The number of the call that failed, -1 when none did.
    int64_t call;
    /// How many processes executed a program.
    int32_t executed;
};

/// A tracer on a thread of its own.
struct ctorture_tracer;

/// Traces a process until ctorture_finish. NULL when it cannot, with the reason in `*error`.
struct ctorture_tracer *ctorture_start(const struct ctorture_fault *fault, int *error);
/// Lets the process go, and tells what came of it. To be called once.
void ctorture_finish(struct ctorture_tracer *tracer, struct ctorture_outcome *outcome);
