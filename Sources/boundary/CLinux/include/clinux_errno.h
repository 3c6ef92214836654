// The errno numbers that the keeper and its client decide by; Embedded Swift does not see the C library's macros.
#ifndef CLINUX_ERRNO_H
#define CLINUX_ERRNO_H

enum {
    CLINUX_EPERM = 1,
    CLINUX_ENOENT = 2,
    CLINUX_ESRCH = 3,
    CLINUX_EINTR = 4,
    CLINUX_EBADF = 9,
    CLINUX_ECHILD = 10,
    CLINUX_EAGAIN = 11,
    CLINUX_ENOMEM = 12,
    CLINUX_EEXIST = 17,
    CLINUX_EINVAL = 22,
    CLINUX_EMFILE = 24,
    CLINUX_ENOSPC = 28,
    CLINUX_EPIPE = 32,
    CLINUX_EMSGSIZE = 90,
    CLINUX_ECONNRESET = 104,
    CLINUX_ENOBUFS = 105,
    CLINUX_ECONNREFUSED = 111
};

#endif
