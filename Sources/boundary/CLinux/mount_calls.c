#define _GNU_SOURCE
#include "mount_calls.h"
#include "clinux_mount.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_mount_setattr
#define SYS_mount_setattr 442
#endif

enum {
    TREE_CLONE = 1,
    MOVE_FROM_EMPTY_PATH = 0x4,
    MOVE_TO_EMPTY_PATH = 0x40,
    ATTRIBUTE_READ_ONLY = 0x1,
    ATTRIBUTE_NO_SUID = 0x2,
    ATTRIBUTE_NO_DEVICES = 0x4,
    ATTRIBUTE_NO_EXEC = 0x8,
    ATTRIBUTE_ATIME = 0x70,
    ATTRIBUTE_NO_ATIME = 0x10,
    ATTRIBUTE_STRICT_ATIME = 0x20,
    ATTRIBUTE_NO_DIRECTORY_ATIME = 0x80,
    ATTRIBUTE_NO_SYMLINKS = 0x200000,
    FLAG_NO_SYMLINKS = 256,
    CONTEXT_CLOSE_ON_EXEC = 1,
    CONFIGURE_DESCRIPTOR = 5,
    CONFIGURE_CREATE = 6,
    PROC_ATTRIBUTES = ATTRIBUTE_NO_SUID | ATTRIBUTE_NO_DEVICES | ATTRIBUTE_NO_EXEC
};

struct attributes {
    uint64_t set, clear, propagation, user_namespace;
};

int clinux_clone_mount(const char *path) {
    long fd = syscall(SYS_open_tree, AT_FDCWD, path, TREE_CLONE | O_CLOEXEC);
    return fd < 0 ? -errno : (int)fd;
}

static int clone_tree(int from, const char *path, unsigned flags) {
    long fd = syscall(SYS_open_tree, from, path, flags | TREE_CLONE | O_CLOEXEC);
    if (fd < 0) return -errno;
    // A kernel between 5.2 and 5.12 clones but cannot set attributes: tell now, before anything is attached.
    struct attributes none = {0};
    if (syscall(SYS_mount_setattr, (int)fd, "", AT_EMPTY_PATH, &none, sizeof none) < 0 && errno == ENOSYS) {
        close((int)fd);
        return -ENOSYS;
    }
    return (int)fd;
}

int mount_clone(const char *path, int recursive) {
    return clone_tree(AT_FDCWD, path, recursive ? AT_RECURSIVE : 0);
}

int mount_clone_place(int place, int recursive) {
    return clone_tree(place, "", AT_EMPTY_PATH | (recursive ? AT_RECURSIVE : 0));
}

int mount_new_proc(int pid_namespace) {
    int context = (int)syscall(SYS_fsopen, "proc", CONTEXT_CLOSE_ON_EXEC);
    if (context < 0) return -errno;
    long done = 0;
    if (pid_namespace >= 0) done = syscall(SYS_fsconfig, context, CONFIGURE_DESCRIPTOR, "pidns", NULL, pid_namespace);
    if (done == 0) done = syscall(SYS_fsconfig, context, CONFIGURE_CREATE, NULL, NULL, 0);
    if (done == 0) done = syscall(SYS_fsmount, context, CONTEXT_CLOSE_ON_EXEC, PROC_ATTRIBUTES);
    int result = done < 0 ? -errno : (int)done;
    close(context);
    return result;
}

int mount_add_flags(int fd, const char *path, unsigned depth, uint64_t flags) {
    struct attributes attributes = {0};
    if (flags & MS_RDONLY) attributes.set |= ATTRIBUTE_READ_ONLY;
    if (flags & MS_NOSUID) attributes.set |= ATTRIBUTE_NO_SUID;
    if (flags & MS_NODEV) attributes.set |= ATTRIBUTE_NO_DEVICES;
    if (flags & MS_NOEXEC) attributes.set |= ATTRIBUTE_NO_EXEC;
    if (flags & MS_NODIRATIME) attributes.set |= ATTRIBUTE_NO_DIRECTORY_ATIME;
    if (flags & FLAG_NO_SYMLINKS) attributes.set |= ATTRIBUTE_NO_SYMLINKS;
    if (flags & (MS_NOATIME | MS_STRICTATIME | MS_RELATIME)) attributes.clear |= ATTRIBUTE_ATIME;
    if (flags & MS_NOATIME)
        attributes.set |= ATTRIBUTE_NO_ATIME;
    else if (flags & MS_STRICTATIME)
        attributes.set |= ATTRIBUTE_STRICT_ATIME;
    unsigned how = depth | (*path ? 0 : AT_EMPTY_PATH);
    return (int)syscall(SYS_mount_setattr, fd, path, how, &attributes, sizeof attributes);
}

int mount_propagate(int fd, unsigned depth, uint64_t propagation) {
    struct attributes attributes = {.propagation = propagation & ~(uint64_t)MS_REC};
    unsigned how = depth | AT_EMPTY_PATH | (propagation & MS_REC ? AT_RECURSIVE : 0);
    return (int)syscall(SYS_mount_setattr, fd, "", how, &attributes, sizeof attributes);
}

int mount_attach(int tree, int place) {
    return (int)syscall(SYS_move_mount, tree, "", place, "", MOVE_FROM_EMPTY_PATH | MOVE_TO_EMPTY_PATH);
}

int remount_adding(const char *path, uint64_t flags) {
    if (mount_add_flags(AT_FDCWD, path, 0, flags) == 0) return 0;
    if (errno != ENOSYS) return -1;
    struct statvfs present;
    if (statvfs(path, &present) < 0) return -1;
    if (present.f_flag & ST_RDONLY) flags |= MS_RDONLY;
    if (present.f_flag & ST_NOSUID) flags |= MS_NOSUID;
    if (present.f_flag & ST_NODEV) flags |= MS_NODEV;
    if (present.f_flag & ST_NOEXEC) flags |= MS_NOEXEC;
    if (present.f_flag & ST_NOATIME) flags |= MS_NOATIME;
    if (present.f_flag & ST_NODIRATIME) flags |= MS_NODIRATIME;
    if (present.f_flag & ST_RELATIME) flags |= MS_RELATIME;
    return mount(NULL, path, NULL, MS_REMOUNT | MS_BIND | flags, NULL);
}
