// The mount system calls that glibc 2.36 or an older kernel lacks. Results are -1 with errno, or a negative errno
// where a descriptor is returned.
#ifndef CLINUX_MOUNT_CALLS_H
#define CLINUX_MOUNT_CALLS_H

#include <stdint.h>

#ifndef AT_RECURSIVE
#define AT_RECURSIVE 0x8000
#endif

/// A detached copy of the mount at `path` (open_tree(2)): a descriptor or a negative errno.
int mount_clone(const char *path, int recursive);
/// The same of a place that is open (O_PATH).
int mount_clone_place(int place, int recursive);
/// A detached new procfs (fsmount(2)), of the PID namespace at this descriptor or, with -1, of the caller's: a descriptor or
/// a negative errno, -EINVAL before Linux 6.17 for another namespace.
int mount_new_proc(int pid_namespace);
/// Adds MS_RDONLY, MS_NOSUID... to the mount at a descriptor and path (mount_setattr(2)); the other flags stay.
int mount_add_flags(int fd, const char *path, unsigned depth, uint64_t flags);
/// Changes the propagation of a mount by its descriptor.
int mount_propagate(int fd, unsigned depth, uint64_t propagation);
/// Attaches a detached mount (move_mount(2)).
int mount_attach(int tree, int place);
/// Adds flags to the mount at a path, also before Linux 5.12.
int remount_adding(const char *path, uint64_t flags);

#endif
