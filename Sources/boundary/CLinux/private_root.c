#define _GNU_SOURCE
#include "clinux_private_root.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <sched.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_mount_setattr
#define SYS_mount_setattr 442
#endif

// glibc's <sys/mount.h> and <linux/mount.h> cannot be included together before glibc 2.37.
enum {
    OLD_RDONLY = 1, OLD_NOSUID = 2, OLD_NODEV = 4, OLD_NOEXEC = 8, OLD_REMOUNT = 32, OLD_BIND = 4096, OLD_REC = 16384,
    OLD_PRIVATE = 1 << 18, DETACH = 2,
};
static const unsigned attach_recursive = 0x8000;

static int mount_call(const char *source, const char *target, unsigned long flags) {
    return syscall(SYS_mount, source, target, NULL, flags, NULL) < 0 ? -errno : 0;
}

// Host mounts must not follow what is done here, nor the other way round.
static int own_mounts(const char *top) {
    if (unshare(CLONE_NEWNS) < 0) return -errno;
    return mount_call(NULL, top, OLD_REC | OLD_PRIVATE);
}

int clinux_begin_private_root(const char *path) {
    int result = own_mounts("/");
    if (result < 0 || strcmp(path, "/") == 0) return result;
    return mount_call(path, path, OLD_BIND | OLD_REC);
}

int clinux_finish_private_root(const char *path) {
    if (chdir(path) < 0) return -errno;
    if (strcmp(path, "/") == 0) return 0;
    if (syscall(SYS_pivot_root, ".", ".") == 0) {
        // The old root lies over the new one now.
        if (syscall(SYS_umount2, ".", DETACH) < 0) return -errno;
        return chdir("/") < 0 ? -errno : 0;
    }
    // EINVAL: the host's own root is no mount that could be moved (an initramfs, a chroot).
    if (errno != EINVAL) return -errno;
    if (chroot(".") < 0 || chdir("/") < 0) return -errno;
    return 0;
}

int clinux_copy_root(int mounts, int root) {
    if (setns(mounts, CLONE_NEWNS) < 0) return -errno;
    int top = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (top < 0) return -errno;
    // Root and working directory, and no descriptor, are carried into the copy.
    int result = fchdir(root) < 0 || chroot(".") < 0 || fchdir(top) < 0 ? -errno : own_mounts(".");
    close(top);
    if (result < 0) return result;
    return chdir("/") < 0 ? -errno : 0;
}

static int set_attributes(int directory, const char *path, unsigned flags, int read_only) {
    struct mount_attr attributes = {.attr_set = MOUNT_ATTR_NODEV | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC};
    if (read_only) attributes.attr_set |= MOUNT_ATTR_RDONLY;
    return syscall(SYS_mount_setattr, directory, path, flags, &attributes, sizeof attributes) < 0 ? -errno : 0;
}

int clinux_tame_mounts(int read_only) {
    int result = set_attributes(AT_FDCWD, "/", attach_recursive, read_only);
    // EINVAL: the root is a directory of a mount, as chroot(2) makes it.
    if (result != -ENOSYS && result != -EINVAL) return result;
    unsigned long flags = OLD_REMOUNT | OLD_BIND | OLD_NODEV | OLD_NOSUID | OLD_NOEXEC;
    result = mount_call(NULL, "/", flags | (read_only ? OLD_RDONLY : 0));
    return result == -EINVAL ? 0 : result;
}

int clinux_detached_directory(const char *path) {
    int tree = (int)syscall(SYS_open_tree, AT_FDCWD, path, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
    if (tree < 0) return -errno;
    int result = set_attributes(tree, "", AT_EMPTY_PATH, 1);
    if (result == 0 || result == -ENOSYS) {
        // O_PATH descriptors read no names.
        result = openat(tree, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (result < 0) result = -errno;
    }
    close(tree);
    return result;
}
