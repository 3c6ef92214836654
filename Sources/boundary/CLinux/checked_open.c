#define _GNU_SOURCE
#include "clinux_checked_open.h"
#include "root_path.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static int reopen_regular(int place) {
    struct stat info;
    char path[40];
    if (fstat(place, &info) < 0) return -errno;
    if (S_ISDIR(info.st_mode)) return -EISDIR;
    if (!S_ISREG(info.st_mode)) return -EMEDIUMTYPE;
    snprintf(path, sizeof path, "/proc/self/fd/%d", place);
    int opened = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    return opened < 0 ? -errno : opened;
}

int clinux_open_regular_in_root(const char *root_name, const char *path) {
    int root = root_open(root_name);
    if (root < 0) return root;
    int place = root_path_open(root, path, O_PATH);
    close(root);
    if (place < 0) return place;
    int opened = reopen_regular(place);
    close(place);
    return opened;
}

int clinux_open_in_root_at(int root, const char *path, int flags) {
    return root_path_open(root, path, (unsigned)flags);
}

int clinux_open_directory_at(int directory, const char *name, int same_mount) {
    struct open_how how = {
        .flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC,
        .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | (same_mount ? RESOLVE_NO_XDEV : 0)};
    for (int attempt = 0; attempt < 32; attempt++) {
        int opened = (int)syscall(SYS_openat2, directory, name, &how, sizeof how);
        if (opened >= 0) return opened;
        if (errno != EAGAIN && errno != EINTR) break;
    }
    return -errno;
}
