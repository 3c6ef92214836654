#define _GNU_SOURCE
#include "child.h"
#include "mount_calls.h"
#include "root_path.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#ifndef PIDFD_GET_PID_NAMESPACE
#define PIDFD_GET_PID_NAMESPACE _IO(0xFF, 5)
#endif

enum { PROC_ROOT_INODE = 1 };

static const char *or_null(const char *text) { return *text ? text : NULL; }

static void descriptor_path(char *out, size_t size, int fd) { snprintf(out, size, "/proc/self/fd/%d", fd); }

int child_propagation(struct child *child, struct fields fields) {
    const char *path = text_field(&fields);
    return child_step(child, CLINUX_STEP_PROPAGATION, mount(NULL, path, NULL, number_field(&fields), NULL));
}

int child_mount(struct child *child, struct fields fields) {
    const char *source = text_field(&fields), *target = text_field(&fields), *type = text_field(&fields);
    uint64_t flags = number_field(&fields);
    const char *data = text_field(&fields);
    return child_step(
        child, CLINUX_STEP_MOUNT, mount(or_null(source), target, or_null(type), flags, or_null(data)));
}

// What may be replaced inside /proc: runc's list.
static const char *const replaceable[] = {
    "/proc/cpuinfo", "/proc/diskstats", "/proc/meminfo", "/proc/stat", "/proc/swaps", "/proc/uptime", "/proc/loadavg",
    "/proc/slabinfo", "/proc/net/dev", "/proc/sys/kernel/ns_last_pid", "/proc/sys/crypto/fips_enabled"};

// However its name reads, a place inside procfs is one only if the name says so too (CVE-2019-16884).
static int may_be_mounted_on(int place, const char *target) {
    struct statfs info;
    if (fstatfs(place, &info) < 0) return -errno;
    if (info.f_type != PROC_SUPER_MAGIC) return 0;
    for (size_t i = 0; i < sizeof replaceable / sizeof *replaceable; i++)
        if (strcmp(target, replaceable[i]) == 0) return 0;
    return -EXDEV;
}

// Its PID namespace is the one that this process's child is born into. A kernel that cannot be told which (before 6.17)
// would take our own; there the procfs of whoever is joined is used again.
static int joined_proc(struct child *child) {
    int own = open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC);
    if (own < 0) return -errno;
    int names = ioctl(child->joined, PIDFD_GET_PID_NAMESPACE, 0);
    int tree = names < 0 ? -errno : mount_new_proc(names);
    if (names >= 0) close(names);
    if (tree < 0 && setns(child->joined, CLONE_NEWNS) == 0) {
        struct statfs info;
        struct stat top;
        tree = mount_clone("/proc", 0);
        if (tree >= 0 && (fstatfs(tree, &info) < 0 || info.f_type != PROC_SUPER_MAGIC || fstat(tree, &top) < 0 ||
                          top.st_ino != PROC_ROOT_INODE)) {
            close(tree);
            tree = -EXDEV;
        }
        if (setns(own, CLONE_NEWNS) < 0 && tree >= 0) {
            close(tree);
            tree = -errno;
        }
    }
    close(own);
    return tree;
}

static int mount_joined_proc(struct child *child, int place) {
    child->step = CLINUX_STEP_OPEN_SOURCE;
    int tree = joined_proc(child);
    if (tree < 0) return tree;
    int result = child_step(child, CLINUX_STEP_ATTACH, mount_attach(tree, place));
    close(tree);
    return result;
}

int child_mount_in_root(struct child *child, struct fields fields) {
    const char *root_path = text_field(&fields), *source = text_field(&fields), *target = text_field(&fields);
    const char *type = text_field(&fields);
    uint64_t flags = number_field(&fields);
    const char *data = text_field(&fields);
    child->step = CLINUX_STEP_OPEN_ROOT;
    int root = root_open(root_path);
    if (root < 0) return root;
    child->step = CLINUX_STEP_OPEN_TARGET;
    // A link where a file system of the kernel belongs would have it mounted somewhere else (CVE-2019-19921).
    int is_kernels = strcmp(type, "tmpfs") != 0;
    int place = is_kernels ? root_path_open_plain(root, target, O_PATH) : root_path_open(root, target, O_PATH);
    if (place == -ENOENT) {
        child->step = CLINUX_STEP_MAKE_TARGET;
        place = root_path_directory(root, target, 0755);
    }
    close(root);
    if (place < 0) return place;
    int result = may_be_mounted_on(place, target);
    char path[64];
    descriptor_path(path, sizeof path, place);
    if (result == 0 && child->joined >= 0 && strcmp(type, "proc") == 0)
        result = mount_joined_proc(child, place);
    else if (result == 0)
        result = child_step(
            child, CLINUX_STEP_MOUNT, mount(or_null(source), path, or_null(type), flags, or_null(data)));
    close(place);
    return result;
}

// The target of a bind, made as what the source is when it is missing.
static int bind_target(struct child *child, int root, const char *target, int is_directory) {
    child->step = CLINUX_STEP_OPEN_TARGET;
    int place = root_path_open(root, target, O_PATH);
    if (place != -ENOENT) return place;
    child->step = CLINUX_STEP_MAKE_TARGET;
    return is_directory ? root_path_directory(root, target, 0755) : root_path_file(root, target, 0644);
}

// Before Linux 5.12: mount, then find the mount again through the root and remount it with its flags.
static int bind_by_mount(
    struct child *child, int root, const char *source, const char *target, int place, int recursive, uint64_t flags,
    uint64_t propagation) {
    char path[64];
    descriptor_path(path, sizeof path, place);
    int result = child_step(
        child, CLINUX_STEP_MOUNT, mount(source, path, NULL, MS_BIND | (recursive ? MS_REC : 0), NULL));
    if (result < 0 || (flags == 0 && propagation == 0)) return result;
    child->step = CLINUX_STEP_REMOUNT;
    int mounted = root_path_open(root, target, O_PATH);
    if (mounted < 0) return mounted;
    descriptor_path(path, sizeof path, mounted);
    if (flags) result = child_step(child, CLINUX_STEP_REMOUNT, remount_adding(path, flags));
    if (result == 0 && propagation)
        result = child_step(child, CLINUX_STEP_PROPAGATION, mount(NULL, path, NULL, propagation, NULL));
    close(mounted);
    return result;
}

static int bind_by_tree(
    struct child *child, int tree, int place, int recursive, uint64_t flags, uint64_t propagation) {
    unsigned depth = recursive ? AT_RECURSIVE : 0;
    if (flags) {
        int result = child_step(child, CLINUX_STEP_SET_ATTRIBUTES, mount_add_flags(tree, "", depth, flags));
        if (result < 0) return result;
    }
    int result = child_step(child, CLINUX_STEP_ATTACH, mount_attach(tree, place));
    if (result < 0 || propagation == 0) return result;
    return child_step(child, CLINUX_STEP_PROPAGATION, mount_propagate(tree, depth, propagation));
}

int child_bind_in_root(struct child *child, struct fields fields) {
    const char *root_path = text_field(&fields), *source = text_field(&fields), *target = text_field(&fields);
    int recursive = number_field(&fields) != 0;
    uint64_t flags = number_field(&fields), propagation = number_field(&fields);
    struct stat info;
    int result = child_step(child, CLINUX_STEP_OPEN_SOURCE, stat(source, &info));
    if (result < 0) return result;
    child->step = CLINUX_STEP_OPEN_ROOT;
    int root = root_open(root_path);
    if (root < 0) return root;
    int place = bind_target(child, root, target, S_ISDIR(info.st_mode));
    if (place < 0) {
        close(root);
        return place;
    }
    struct stat there;
    int tree;
    if ((result = may_be_mounted_on(place, target)) < 0) {
        // Told as it is.
    } else if (fstat(place, &there) == 0 && S_ISDIR(there.st_mode) != S_ISDIR(info.st_mode)) {
        // move_mount(2) would say EINVAL, mount(2) says what is wrong.
        child->step = CLINUX_STEP_ATTACH;
        result = -ENOTDIR;
    } else if ((tree = mount_clone(source, recursive)) >= 0) {
        result = bind_by_tree(child, tree, place, recursive, flags, propagation);
        close(tree);
    } else if (tree == -ENOSYS) {
        result = bind_by_mount(child, root, source, target, place, recursive, flags, propagation);
    } else {
        child->step = CLINUX_STEP_OPEN_SOURCE;
        result = tree;
    }
    close(place);
    close(root);
    return result;
}

int child_attach_tree(struct child *child, struct fields fields) {
    int index = (int)number_field(&fields), tree = child->descriptors[index];
    child->step = CLINUX_STEP_OPEN_TARGET;
    int place = open(text_field(&fields), O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (place < 0) return -errno;
    int result = child_step(child, CLINUX_STEP_ATTACH, mount_attach(tree, place));
    close(place);
    child_close_descriptor(child, index);
    return result;
}

int child_pivot_root(struct child *child, const char *root) {
    child->step = CLINUX_STEP_OPEN_ROOT;
    int old = root_open("/");
    if (old < 0) return old;
    int result = child_step(child, CLINUX_STEP_CHANGE_DIRECTORY, chdir(root));
    // pivot_root(2), "pivot_root(".", ".")": the old root ends up on top of the new one and is detached there.
    if (result == 0) result = child_step(child, CLINUX_STEP_PIVOT, syscall(SYS_pivot_root, ".", "."));
    if (result == 0) result = child_step(child, CLINUX_STEP_CHANGE_DIRECTORY, fchdir(old));
    // Unmounting must not travel to the host when the host's root is shared.
    if (result == 0) result = child_step(child, CLINUX_STEP_PROPAGATION, mount(NULL, ".", NULL, MS_SLAVE | MS_REC, NULL));
    if (result == 0) result = child_step(child, CLINUX_STEP_DETACH, umount2(".", MNT_DETACH));
    if (result == 0) result = child_step(child, CLINUX_STEP_CHANGE_DIRECTORY, chdir("/"));
    close(old);
    child_close_descriptors(child);
    return result;
}

int child_remount(struct child *child, const char *path, uint64_t flags) {
    child->step = CLINUX_STEP_OPEN_TARGET;
    int root = root_open("/");
    if (root < 0) return root;
    int place = root_path_open_plain(root, path, O_PATH);
    close(root);
    if (place < 0) return place;
    int result = child_step(child, CLINUX_STEP_REMOUNT, mount_add_flags(place, "", 0, flags));
    close(place);
    if (result != -ENOSYS) return result;
    return child_step(child, CLINUX_STEP_REMOUNT, remount_adding(path, flags));
}
