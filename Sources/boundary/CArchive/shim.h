// libarchive, and the few system calls that unpacking needs and the C library's Swift module cannot say.
#ifndef SERENO_CARCHIVE_SHIM_H
#define SERENO_CARCHIVE_SHIM_H

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

/// openat2(2): a descriptor, or -1 with errno.
static inline int carchive_openat2(int directory, const char *path, int flags, unsigned int mode, int resolve) {
    struct open_how how = {.flags = (unsigned long long)(unsigned)flags, .mode = mode,
                           .resolve = (unsigned long long)(unsigned)resolve};
    return (int)syscall(SYS_openat2, directory, path, &how, sizeof how);
}

/// Follow links as if the directory were the root, and never through /proc (RESOLVE_IN_ROOT, RESOLVE_NO_MAGICLINKS).
static inline int carchive_resolve_in_root(void) { return RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS; }

/// Follow no link, leave neither the directory nor its mount.
static inline int carchive_resolve_below(void) { return RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV; }

static inline int carchive_syncfs(int descriptor) { return (int)syscall(SYS_syncfs, descriptor); }
static inline unsigned carchive_major(unsigned long long device) { return major(device); }
static inline unsigned carchive_minor(unsigned long long device) { return minor(device); }
static inline int carchive_errno(void) { return errno; }

#endif
