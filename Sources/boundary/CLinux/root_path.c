#define _GNU_SOURCE
#include "root_path.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

enum { LINKS_FOLLOWED = 8, ATTEMPTS = 128 };

static int make(int root, const char *path, mode_t mode, int links);

int root_open(const char *root) {
    int fd = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);
    return fd < 0 ? -errno : fd;
}

static int open_below(int root, const char *path, uint64_t flags, uint64_t resolve) {
    struct open_how how = {.flags = flags | O_CLOEXEC, .resolve = resolve};
    if (*path == 0) path = ".";
    // EAGAIN: something was renamed meanwhile and the kernel cannot say whether the path stayed inside.
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        long fd = syscall(SYS_openat2, root, path, &how, sizeof how);
        if (fd >= 0) return (int)fd;
        if (errno != EAGAIN && errno != EINTR) return -errno;
    }
    return -EAGAIN;
}

int root_path_open(int root, const char *path, uint64_t flags) {
    return open_below(root, path, flags, RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS);
}

int root_path_open_plain(int root, const char *path, uint64_t flags) {
    return open_below(root, path, flags, RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_SYMLINKS);
}

int root_path_device(int root, const char *path, unsigned major, unsigned minor) {
    struct stat info;
    int place = root_path_open_plain(root, path, O_PATH);
    if (place < 0) return place;
    if (fstat(place, &info) == 0 && S_ISCHR(info.st_mode) && info.st_rdev == makedev(major, minor)) return place;
    close(place);
    return -ENODEV;
}

// A link whose end is missing, such as /var/run -> /run: its end is made, inside the root like everything.
static int make_link_end(int root, int directory, const char *prefix, const char *leaf, mode_t mode, int links) {
    char target[PATH_MAX], joined[2 * PATH_MAX];
    if (links >= LINKS_FOLLOWED) return -ELOOP;
    ssize_t length = readlinkat(directory, leaf, target, sizeof target - 1);
    if (length < 0) return errno == EINVAL ? -ENOTDIR : -errno;
    target[length] = 0;
    const char *path = target;
    if (target[0] != '/') {
        const char *slash = strrchr(prefix, '/');
        size_t parent = slash ? (size_t)(slash - prefix) + 1 : 0;
        memcpy(joined, prefix, parent);
        memcpy(joined + parent, target, (size_t)length + 1);
        path = joined;
    }
    return make(root, path, mode, links + 1);
}

static int make_component(int root, int directory, const char *prefix, const char *leaf, mode_t mode, int links) {
    if (strcmp(leaf, "..") == 0) return -ENOENT;
    if (mkdirat(directory, leaf, mode) == 0) {
        int made = openat(directory, leaf, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        return made < 0 ? -errno : made;
    }
    if (errno != EEXIST) return -errno;
    return make_link_end(root, directory, prefix, leaf, mode, links);
}

static int make(int root, const char *path, mode_t mode, int links) {
    int found = root_path_open(root, path, O_PATH | O_DIRECTORY);
    if (found != -ENOENT) return found;
    char prefix[PATH_MAX];
    if (strlen(path) >= sizeof prefix) return -ENAMETOOLONG;
    strcpy(prefix, path);
    int directory = root_path_open(root, ".", O_PATH | O_DIRECTORY);
    for (char *at = prefix; directory >= 0 && *at;) {
        while (*at == '/') at++;
        if (*at == 0) break;
        char *leaf = at;
        while (*at && *at != '/') at++;
        char rest = *at;
        *at = 0;
        int next = root_path_open(root, prefix, O_PATH | O_DIRECTORY);
        if (next == -ENOENT) next = make_component(root, directory, prefix, leaf, mode, links);
        *at = rest;
        close(directory);
        directory = next;
    }
    return directory;
}

int root_path_directory(int root, const char *path, mode_t mode) { return make(root, path, mode, 0); }

int root_path_parent(int root, const char *path, mode_t mode, char *leaf) {
    char copy[PATH_MAX];
    size_t length = strlen(path);
    while (length > 0 && path[length - 1] == '/') length--;
    if (length >= sizeof copy) return -ENAMETOOLONG;
    memcpy(copy, path, length);
    copy[length] = 0;
    char *slash = strrchr(copy, '/');
    const char *last = slash ? slash + 1 : copy;
    if (*last == 0 || strcmp(last, ".") == 0 || strcmp(last, "..") == 0) return -EINVAL;
    if (strlen(last) > NAME_MAX) return -ENAMETOOLONG;
    strcpy(leaf, last);
    if (slash) *slash = 0;
    return make(root, slash ? copy : ".", mode, 0);
}

static int make_file(int root, const char *path, mode_t mode, int links);

// A link whose end is missing, such as /etc/resolv.conf -> ../run/resolv.conf: the end becomes the file.
static int make_file_at_link_end(int root, const char *path, const char *leaf, int parent, mode_t mode, int links) {
    char target[PATH_MAX], joined[2 * PATH_MAX];
    if (links >= LINKS_FOLLOWED) return -ELOOP;
    ssize_t length = readlinkat(parent, leaf, target, sizeof target - 1);
    if (length < 0) return -errno;
    target[length] = 0;
    const char *end = strrchr(path, '/');
    int before = target[0] == '/' || !end ? 0 : (int)(end - path) + 1;
    if (snprintf(joined, sizeof joined, "%.*s%s", before, path, target) >= (int)sizeof joined) return -ENAMETOOLONG;
    return make_file(root, joined, mode, links + 1);
}

static int make_file(int root, const char *path, mode_t mode, int links) {
    char leaf[NAME_MAX + 1];
    int parent = root_path_parent(root, path, 0755, leaf);
    if (parent < 0) return parent;
    int made = openat(parent, leaf, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
    int result = made < 0 ? -errno : 0;
    if (made >= 0) close(made);
    // Something else that is there by now is not opened: it may be a device or a fifo.
    if (result == 0 || result == -EEXIST) result = root_path_open(root, path, O_PATH);
    if (result == -ENOENT) result = make_file_at_link_end(root, path, leaf, parent, mode, links);
    close(parent);
    return result;
}

int root_path_file(int root, const char *path, mode_t mode) { return make_file(root, path, mode, 0); }
