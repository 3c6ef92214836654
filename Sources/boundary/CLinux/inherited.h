// What the keeper changed of itself and its children must get as it was.
#ifndef CLINUX_INHERITED_H
#define CLINUX_INHERITED_H

#include <sys/resource.h>

struct clinux_inherited {
    struct rlimit open_files;
    int open_files_raised;
};

extern struct clinux_inherited clinux_inherited;

/// Every signal to its default action, ignored ones and those of the C library included. CLONE_CLEAR_SIGHAND leaves
/// ignored ones, and a service manager starts its services with PIPE ignored.
void clinux_reset_signals(void);

#endif
