#define _GNU_SOURCE
#include "child.h"
#include "mount_calls.h"
#include "root_path.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

// Whether a path is /proc or below it.
static int is_in_proc(const char *path) { return strncmp(path, "/proc", 5) == 0 && (path[5] == '/' || path[5] == 0); }

// A place to hide or to make read-only, or -ENOENT. No link is followed, and what is called /proc has to be procfs: else a
// container that chooses what is there would choose what is mounted where (CVE-2019-16884, CVE-2025-52881).
static int open_place(struct child *child, const char *root_path, const char *path) {
    child->step = CLINUX_STEP_OPEN_ROOT;
    int root = root_open(root_path);
    if (root < 0) return root;
    child->step = CLINUX_STEP_OPEN_TARGET;
    int place = root_path_open_plain(root, path, O_PATH);
    close(root);
    if (place < 0) return place == -ENOTDIR ? -ENOENT : place;
    struct statfs info;
    if (is_in_proc(path) && (fstatfs(place, &info) < 0 || info.f_type != PROC_SUPER_MAGIC)) {
        close(place);
        return -EXDEV;
    }
    return place;
}

// What a hidden file reads as: the container's own null device, which is no way to the host's, or an empty file of its own
// where it has brought a /dev that has none (CVE-2025-31133).
static int nothing(struct child *child, const char *root_path, const char *empty, uint64_t *flags) {
    child->step = CLINUX_STEP_OPEN_ROOT;
    int root = root_open(root_path);
    if (root < 0) return root;
    child->step = CLINUX_STEP_OPEN_SOURCE;
    int place = root_path_device(root, "/dev/null", 1, 3);
    close(root);
    if (place < 0 && *empty) {
        struct stat info;
        place = open(empty, O_PATH | O_NOFOLLOW | O_CLOEXEC);
        if (place >= 0 && (fstat(place, &info) < 0 || !S_ISREG(info.st_mode) || info.st_size != 0)) {
            close(place);
            return -ENODEV;
        }
        if (place < 0) return -errno;
        // It is the host's to fill.
        *flags |= MS_RDONLY | MS_NODEV;
    }
    return place;
}

static void descriptor_path(char *out, size_t size, int fd) { snprintf(out, size, "/proc/self/fd/%d", fd); }

// Before Linux 5.12, which cannot change a mount before it is attached.
static int bind_by_mount(struct child *child, int source, int place, uint64_t flags) {
    char from[64], to[64];
    descriptor_path(from, sizeof from, source);
    descriptor_path(to, sizeof to, place);
    int result = child_step(child, CLINUX_STEP_MOUNT, mount(from, to, NULL, MS_BIND | MS_REC, NULL));
    if (result < 0 || flags == 0) return result;
    return child_step(child, CLINUX_STEP_REMOUNT, remount_adding(to, flags));
}

int child_bind_place(struct child *child, int source, int place, int recursive, uint64_t flags) {
    child->step = CLINUX_STEP_OPEN_SOURCE;
    int tree = mount_clone_place(source, recursive);
    if (tree == -ENOSYS) return bind_by_mount(child, source, place, flags);
    if (tree < 0) return tree;
    int result = 0;
    if (flags) result = child_step(child, CLINUX_STEP_SET_ATTRIBUTES, mount_add_flags(tree, "", 0, flags));
    if (result == 0) result = child_step(child, CLINUX_STEP_ATTACH, mount_attach(tree, place));
    close(tree);
    return result;
}

int child_mask_in_root(struct child *child, struct fields fields) {
    const char *root = text_field(&fields), *path = text_field(&fields), *empty = text_field(&fields);
    int place = open_place(child, root, path);
    if (place < 0) return place == -ENOENT ? 0 : place;
    struct stat info;
    int result = child_step(child, CLINUX_STEP_OPEN_TARGET, fstat(place, &info));
    if (result == 0 && S_ISDIR(info.st_mode)) {
        char target[64];
        descriptor_path(target, sizeof target, place);
        result = child_step(child, CLINUX_STEP_MOUNT, mount("tmpfs", target, "tmpfs", MS_RDONLY, "size=0k"));
    } else if (result == 0) {
        uint64_t flags = MS_NOSUID | MS_NOEXEC;
        int source = nothing(child, root, empty, &flags);
        result = source < 0 ? source : child_bind_place(child, source, place, 0, flags);
        if (source >= 0) close(source);
    }
    close(place);
    return result;
}

int child_readonly_in_root(struct child *child, struct fields fields) {
    const char *root = text_field(&fields), *path = text_field(&fields);
    int place = open_place(child, root, path);
    if (place < 0) return place == -ENOENT ? 0 : place;
    int result = child_bind_place(child, place, place, 1, MS_RDONLY);
    close(place);
    return result;
}

// A procfs that nobody has mounted anything on; the container's where a sandbox lets us have none.
static int untouched_proc(struct child *child, const char *root_path) {
    child->step = CLINUX_STEP_MOUNT;
    int proc = mount_new_proc(-1);
    if (proc >= 0 || (proc != -ENOSYS && proc != -EPERM)) return proc;
    int root = root_open(root_path);
    if (root < 0) return root;
    proc = root_path_open_plain(root, "/proc", O_PATH | O_DIRECTORY);
    close(root);
    struct statfs info;
    if (proc >= 0 && (fstatfs(proc, &info) < 0 || info.f_type != PROC_SUPER_MAGIC)) {
        close(proc);
        return -EXDEV;
    }
    return proc;
}

// A sysctl is what its name says, below procfs and nowhere else (CVE-2022-0811).
int child_sysctl(struct child *child, struct fields fields) {
    const char *root = text_field(&fields), *path = text_field(&fields), *value = text_field(&fields);
    if (child->procfs < 0) child->procfs = untouched_proc(child, root);
    if (child->procfs < 0) return child->procfs;
    struct open_how how = {
        .flags = O_WRONLY | O_CLOEXEC,
        .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_XDEV};
    int file = (int)syscall(SYS_openat2, child->procfs, path, &how, sizeof how);
    int result = child_step(child, CLINUX_STEP_OPEN, file);
    if (result == 0) {
        result = child_step(child, CLINUX_STEP_WRITE, write(file, value, strlen(value)));
        close(file);
    }
    return result;
}
