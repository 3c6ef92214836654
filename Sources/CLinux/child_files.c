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

static int terminal_path(char *out, size_t size) {
    ssize_t length = readlink("/proc/self/fd/0", out, size - 1);
    if (length < 0) return -errno;
    out[length] = 0;
    return 0;
}

// A mount of another mount namespace cannot be the source of a bind, and standard input is one: the engine opened it.
// So the terminal is found by its path in our copy of the host's mounts, which pivot_root takes away.
void child_keep_terminal(struct child *child) {
    char path[PATH_MAX];
    if (!isatty(0) || terminal_path(path, sizeof path) < 0) return;
    int tree = mount_clone(path, 0);
    if (tree >= 0) child->terminal = tree;
}

int child_controlling_terminal(struct child *child, const char *path) {
    int result = child_step(child, CLINUX_STEP_CONTROL_TERMINAL, ioctl(0, TIOCSCTTY, 0));
    if (result < 0 || *path == 0) return result;
    int target = open(path, O_WRONLY | O_CREAT | O_NOFOLLOW | O_NOCTTY | O_CLOEXEC, 0600);
    if (target < 0) return child_step(child, CLINUX_STEP_MAKE_TARGET, -1);
    close(target);
    if (child->terminal >= 0) {
        int place = open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
        if (place < 0) return child_step(child, CLINUX_STEP_OPEN_TARGET, -1);
        result = child_step(child, CLINUX_STEP_ATTACH, mount_attach(child->terminal, place));
        close(place);
        return result;
    }
    char terminal[PATH_MAX];
    child->step = CLINUX_STEP_OPEN_SOURCE;
    result = terminal_path(terminal, sizeof terminal);
    if (result < 0) return result;
    return child_step(child, CLINUX_STEP_MOUNT, mount(terminal, path, NULL, MS_BIND, NULL));
}

static int make_directories(const char *path) {
    char prefix[PATH_MAX];
    if (strlen(path) >= sizeof prefix) return -ENAMETOOLONG;
    strcpy(prefix, path);
    for (char *at = prefix + 1; *at; at++) {
        if (*at != '/') continue;
        *at = 0;
        if (mkdir(prefix, 0755) < 0 && errno != EEXIST) return -errno;
        *at = '/';
    }
    return mkdir(prefix, 0755) < 0 && errno != EEXIST ? -errno : 0;
}

int child_change_directory(struct child *child, const char *path, int create) {
    int result = child_step(child, CLINUX_STEP_CHANGE_DIRECTORY, chdir(path));
    if (result != -ENOENT || !create || *path == 0) return result;
    child->step = CLINUX_STEP_MAKE_TARGET;
    result = make_directories(path);
    if (result < 0) return result;
    return child_step(child, CLINUX_STEP_CHANGE_DIRECTORY, chdir(path));
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

// Where mknod is not allowed (a user namespace) the host's node is bound over an empty file.
static int bind_device(struct child *child, int root, const char *path) {
    child->step = CLINUX_STEP_MAKE_TARGET;
    int place = root_path_file(root, path, 0600);
    if (place < 0) return place;
    char target[64];
    snprintf(target, sizeof target, "/proc/self/fd/%d", place);
    int result = child_step(child, CLINUX_STEP_MOUNT, mount(path, target, NULL, MS_BIND, NULL));
    close(place);
    return result;
}

int child_device_in_root(struct child *child, struct fields fields) {
    const char *root_path = text_field(&fields), *path = text_field(&fields);
    mode_t mode = (mode_t)number_field(&fields);
    unsigned major = (unsigned)number_field(&fields), minor = (unsigned)number_field(&fields);
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
    int result = child_step(child, CLINUX_STEP_MAKE_NODE, mknodat(parent, leaf, mode, makedev(major, minor)));
    if (result == 0)
        result = child_step(child, CLINUX_STEP_CHANGE_OWNER, fchownat(parent, leaf, user, group, AT_SYMLINK_NOFOLLOW));
    else if (result == -EEXIST)
        result = 0;
    else if (result == -EPERM)
        result = bind_device(child, root, path);
    close(parent);
    close(root);
    return result;
}
