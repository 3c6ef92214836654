// What the keeper changed of itself and its children must get as it was.
#ifndef CLINUX_INHERITED_H
#define CLINUX_INHERITED_H

#include <sys/resource.h>

struct clinux_inherited {
    struct rlimit open_files;
    int open_files_raised;
};

extern struct clinux_inherited clinux_inherited;

#endif
