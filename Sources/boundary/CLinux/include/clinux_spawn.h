// Making a process from a launch plan. The parent never waits: what becomes of the launch is told over a socket.
#ifndef CLINUX_SPAWN_H
#define CLINUX_SPAWN_H

#include <stddef.h>
#include <stdint.h>

enum clinux_report_kind {
    /// An operation that may fail did.
    CLINUX_REPORT_WARNING = 1,
    /// The launch failed; the process is about to end.
    CLINUX_REPORT_FAILURE,
    /// `value` is the process that was born inside the joined namespaces.
    CLINUX_REPORT_PROCESS,
    /// execve is next: an end of the socket after this means that it succeeded.
    CLINUX_REPORT_EXECUTING,
    /// A system call filter is next, which may keep the child from reporting more.
    CLINUX_REPORT_FILTERED
};

/// What the child sends, each as one packet.
struct clinux_report {
    uint32_t kind;
    int32_t operation;
    uint32_t step;
    int32_t error;
    int64_t value;
};

struct clinux_spawn_request {
    /// A plan that passed `clinux_plan_check`.
    const void *plan;
    /// Standard input, output and error of the child.
    int streams[3];
    /// The descriptors that the plan indexes.
    const int *descriptors;
    int descriptor_count;
};

struct clinux_spawned {
    /// The child; with `enter_descriptor` the process between, whose child reports itself.
    int32_t pid;
    /// Its pidfd.
    int pidfd;
    /// Whether it is the process between.
    int enters;
    /// The reading end of the reports, non-blocking.
    int reports;
};

/// 0, or a negative errno of socketpair(2) or clone3(2), and then nothing is left open.
int clinux_spawn(const struct clinux_spawn_request *request, struct clinux_spawned *out);

#endif
