#define _GNU_SOURCE
#include "child.h"
#include "mount_calls.h"
#include "root_path.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

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

int child_mount_in_root(struct child *child, struct fields fields) {
    const char *root_path = text_field(&fields), *source = text_field(&fields), *target = text_field(&fields);
    const char *type = text_field(&fields);
    uint64_t flags = number_field(&fields);
    const char *data = text_field(&fields);
    child->step = CLINUX_STEP_OPEN_ROOT;
    int root = root_open(root_path);
    if (root < 0) return root;
    child->step = CLINUX_STEP_OPEN_TARGET;
    int place = root_path_open(root, target, O_PATH);
    if (place == -ENOENT) {
        child->step = CLINUX_STEP_MAKE_TARGET;
        place = root_path_directory(root, target, 0755);
    }
    close(root);
    if (place < 0) return place;
    char path[64];
    descriptor_path(path, sizeof path, place);
    int result = child_step(
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
    if (fstat(place, &there) == 0 && S_ISDIR(there.st_mode) != S_ISDIR(info.st_mode)) {
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
    int tree = child->descriptors[number_field(&fields)];
    child->step = CLINUX_STEP_OPEN_TARGET;
    int place = open(text_field(&fields), O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (place < 0) return -errno;
    int result = child_step(child, CLINUX_STEP_ATTACH, mount_attach(tree, place));
    close(place);
    return result;
}

int child_pivot_root(struct child *child, const char *root) {
    child_keep_terminal(child);
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
    return result;
}

int child_remount(struct child *child, const char *path, uint64_t flags) {
    return child_step(child, CLINUX_STEP_REMOUNT, remount_adding(path, flags));
}

int child_mask_path(struct child *child, const char *path) {
    struct stat info;
    if (stat(path, &info) < 0) {
        if (errno == ENOENT || errno == ENOTDIR) return 0;
        return child_step(child, CLINUX_STEP_OPEN_TARGET, -1);
    }
    if (S_ISDIR(info.st_mode))
        return child_step(child, CLINUX_STEP_MOUNT, mount("tmpfs", path, "tmpfs", MS_RDONLY, "size=0k"));
    return child_step(child, CLINUX_STEP_MOUNT, mount("/dev/null", path, NULL, MS_BIND, NULL));
}

int child_readonly_path(struct child *child, const char *path) {
    int result = child_step(child, CLINUX_STEP_MOUNT, mount(path, path, NULL, MS_BIND | MS_REC, NULL));
    if (result == -ENOENT || result == -ENOTDIR) return 0;
    if (result < 0) return result;
    return child_step(child, CLINUX_STEP_REMOUNT, remount_adding(path, MS_RDONLY));
}
