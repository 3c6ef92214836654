#define _GNU_SOURCE
#include "child.h"
#include "mount_calls.h"
#include "root_path.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

int child_write_file(struct child *child, const char *path, const char *data) {
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0) return child_step(child, CLINUX_STEP_OPEN, -1);
    int result = child_step(child, CLINUX_STEP_WRITE, write(fd, data, strlen(data)));
    close(fd);
    return result;
}

int child_loopback_up(struct child *child) {
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return child_step(child, CLINUX_STEP_NETWORK, -1);
    struct ifreq request = {.ifr_name = "lo"};
    int result = child_step(child, CLINUX_STEP_NETWORK, ioctl(fd, SIOCGIFFLAGS, &request));
    request.ifr_flags |= IFF_UP;
    if (result == 0) result = child_step(child, CLINUX_STEP_NETWORK, ioctl(fd, SIOCSIFFLAGS, &request));
    close(fd);
    return result;
}

// getcwd(2) of the kernel says so of a directory that cannot be reached from the root (Linux 2.6.36).
static int is_below_root(void) {
    char path[PATH_MAX];
    return syscall(SYS_getcwd, path, sizeof path) > 0 && path[0] == '/';
}

// No magic link is followed, so that none of our own descriptors is a directory to start from (CVE-2024-21626).
int child_change_directory(struct child *child, const char *path, int create) {
    child->step = CLINUX_STEP_OPEN_ROOT;
    int root = root_open("/");
    if (root < 0) return root;
    child->step = CLINUX_STEP_CHANGE_DIRECTORY;
    int place = *path ? root_path_open(root, path, O_PATH | O_DIRECTORY) : -ENOENT;
    if (place == -ENOENT && create && *path) {
        child->step = CLINUX_STEP_MAKE_TARGET;
        place = root_path_directory(root, path, 0755);
    }
    close(root);
    if (place < 0) return place;
    int result = child_step(child, CLINUX_STEP_CHANGE_DIRECTORY, fchdir(place));
    close(place);
    return result == 0 && !is_below_root() ? -EXDEV : result;
}

int child_make_directory_in_root(struct child *child, struct fields fields) {
    const char *root_path = text_field(&fields), *path = text_field(&fields);
    child->step = CLINUX_STEP_OPEN_ROOT;
    int root = root_open(root_path);
    if (root < 0) return root;
    child->step = CLINUX_STEP_MAKE_TARGET;
    int made = root_path_directory(root, path, (mode_t)number_field(&fields));
    close(root);
    if (made < 0) return made;
    close(made);
    return 0;
}

int child_symlink_in_root(struct child *child, struct fields fields) {
    const char *root_path = text_field(&fields), *target = text_field(&fields), *path = text_field(&fields);
    char leaf[NAME_MAX + 1];
    child->step = CLINUX_STEP_OPEN_ROOT;
    int root = root_open(root_path);
    if (root < 0) return root;
    child->step = CLINUX_STEP_MAKE_TARGET;
    int parent = root_path_parent(root, path, 0755, leaf);
    close(root);
    if (parent < 0) return parent;
    int result = child_step(child, CLINUX_STEP_MAKE_TARGET, symlinkat(target, parent, leaf));
    close(parent);
    return result == -EEXIST ? 0 : result;
}

static int is_device(int fd, mode_t mode, dev_t device) {
    struct stat info;
    return fstat(fd, &info) == 0 && (info.st_mode & S_IFMT) == (mode & S_IFMT) && info.st_rdev == device;
}

// What is there already has to be the device that was asked for.
static int same_device(struct child *child, int parent, const char *leaf, mode_t mode, dev_t device) {
    child->step = CLINUX_STEP_MAKE_NODE;
    int there = openat(parent, leaf, O_PATH | O_NOFOLLOW | O_CLOEXEC);
    if (there < 0) return -errno;
    int result = is_device(there, mode, device) ? 0 : -EEXIST;
    close(there);
    return result;
}

// Where mknod is not allowed (a user namespace) the host's node is bound over an empty file.
static int bind_device(struct child *child, int root, const char *path, mode_t mode, dev_t device) {
    child->step = CLINUX_STEP_MAKE_TARGET;
    int place = root_path_file(root, path, 0600);
    if (place < 0) return place;
    child->step = CLINUX_STEP_OPEN_SOURCE;
    int tree = mount_clone(path, 0);
    int result = tree < 0 ? tree : is_device(tree, mode, device) ? 0 : -ENODEV;
    if (result == 0) result = child_step(child, CLINUX_STEP_ATTACH, mount_attach(tree, place));
    if (tree >= 0) close(tree);
    close(place);
    return result;
}

int child_device_in_root(struct child *child, struct fields fields) {
    const char *root_path = text_field(&fields), *path = text_field(&fields);
    mode_t mode = (mode_t)number_field(&fields);
    unsigned major = (unsigned)number_field(&fields), minor = (unsigned)number_field(&fields);
    dev_t device = makedev(major, minor);
    uid_t user = (uid_t)number_field(&fields);
    gid_t group = (gid_t)number_field(&fields);
    char leaf[NAME_MAX + 1];
    child->step = CLINUX_STEP_OPEN_ROOT;
    int root = root_open(root_path);
    if (root < 0) return root;
    child->step = CLINUX_STEP_MAKE_TARGET;
    int parent = root_path_parent(root, path, 0755, leaf);
    if (parent < 0) {
        close(root);
        return parent;
    }
    int result = child_step(child, CLINUX_STEP_MAKE_NODE, mknodat(parent, leaf, mode, device));
    if (result == 0)
        result = child_step(child, CLINUX_STEP_CHANGE_OWNER, fchownat(parent, leaf, user, group, AT_SYMLINK_NOFOLLOW));
    else if (result == -EEXIST)
        result = same_device(child, parent, leaf, mode, device);
    else if (result == -EPERM)
        result = bind_device(child, root, path, mode, device);
    close(parent);
    close(root);
    return result;
}
