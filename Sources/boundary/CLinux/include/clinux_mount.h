#ifndef CLINUX_MOUNT_H
#define CLINUX_MOUNT_H

#include <stddef.h>
#include <stdint.h>

/* System calls that the Glibc module cannot say. All return 0 or a value at least 0, or -errno. */

/* O_PATH, which glibc declares only with _GNU_SOURCE. */
static const int clinux_open_path_only = 010000000;
/* openat2(2) of `path` below the directory `root`, with symbolic links and `..` resolved inside it. */
int clinux_open_in_root(const char *root, const char *path, int flags, unsigned mode);
/* mkdir -p below `root`, resolved as above; -ENOTDIR when a part of the path is a file. */
int clinux_make_directories_in_root(const char *root, const char *path, unsigned mode);
/* mount(2); empty strings are NULL. */
int clinux_mount(const char *source, const char *target, const char *type, unsigned long flags, const char *data);
/* Gives this process, of one thread, a mount namespace of its own from which nothing reaches others. */
int clinux_private_mounts(void);
/* Binds `source`, with what is mounted below it, over `target` below the directory `root`, resolved as in
   clinux_open_in_root; a missing target is made as what the source is. */
int clinux_bind_in_root(const char *root, const char *source, const char *target, int read_only);
/* A detached copy of the mount at `path` alone, close-on-exec (open_tree(2), Linux 5.2). */
int clinux_clone_mount(const char *path);
/* umount2(2) with MNT_DETACH. */
int clinux_unmount_detached(const char *target);
/* Mounts an overlay; `lowers` from the top layer down. Uses fsopen(2) with one "lowerdir+" per layer where the
   kernel has it (6.8), and mount(2) with all of them in one page of options elsewhere (-E2BIG when they do not fit). */
int clinux_mount_overlay(const char *const *lowers, size_t count, const char *upper, const char *work,
                         const char *target);
/* Brings the loopback of the caller's network namespace up. */
int clinux_bring_loopback_up(void);
struct clinux_network_making;
/* Begins to make a network namespace with its loopback up, bound at the existing file `path`, on a thread of its own. */
int clinux_begin_network_namespace(const char *path, struct clinux_network_making **made);
/* Waits until it is made, and frees what was made of it. */
int clinux_finish_network_namespace(struct clinux_network_making *making);
/* Whether `path` is a file of nsfs, i.e. a bound namespace: 1, 0 or -errno. */
int clinux_is_namespace(const char *path);
/* SO_PEERCRED of a connected Unix socket. */
int clinux_peer_credentials(int socket, int32_t *pid, uint32_t *uid, uint32_t *gid);
/* Sends a signal to `pid` if it is still listed in the open cgroup.procs file, by pidfd so that a reused number
   is never hit. */
int clinux_signal_member(int procs, int32_t pid, int signal);
/* Major and minor of a device number. */
uint32_t clinux_device_major(uint64_t device);
uint32_t clinux_device_minor(uint64_t device);
/* The `f_type` of the file system that holds `path`, or -errno. */
int64_t clinux_file_system_type(const char *path);

/* Whether the extended attribute is there with the value "1". */
int clinux_attribute_is_one(const char *path, const char *name);
/* memfd_create(2), close-on-exec, not sealed. */
int clinux_memfd(const char *name);

#endif
