#define _GNU_SOURCE
#include "clinux_mount.h"
#include "mount_calls.h"
#include "root_path.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

int clinux_private_mounts(void) {
    if (unshare(CLONE_NEWNS) < 0) return -errno;
    return mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ? -errno : 0;
}

static int target_of(int root, const char *target, int is_directory) {
    int place = root_path_open(root, target, O_PATH);
    if (place != -ENOENT) return place;
    return is_directory ? root_path_directory(root, target, 0755) : root_path_file(root, target, 0644);
}

static int bind_at(int root, int source, const char *target, int is_directory, int read_only) {
    char path[64], from[64];
    int place = target_of(root, target, is_directory);
    if (place < 0) return place;
    snprintf(path, sizeof path, "/proc/self/fd/%d", place);
    snprintf(from, sizeof from, "/proc/self/fd/%d", source);
    int result = mount(from, path, NULL, MS_BIND | MS_REC, NULL) < 0 ? -errno : 0;
    close(place);
    if (result < 0 || !read_only) return result;
    int mounted = root_path_open(root, target, O_PATH);
    if (mounted < 0) return mounted;
    snprintf(path, sizeof path, "/proc/self/fd/%d", mounted);
    result = remount_adding(path, MS_RDONLY);
    close(mounted);
    return result;
}

int clinux_bind_in_root(const char *root_path, const char *source, const char *target, int read_only) {
    struct stat info;
    // Another container may have the source and change it meanwhile: what was looked at is what is bound.
    int from = open(source, O_PATH | O_CLOEXEC);
    if (from < 0) return -errno;
    int root = fstat(from, &info) < 0 ? -errno : root_open(root_path);
    int result = root < 0 ? root : bind_at(root, from, target, S_ISDIR(info.st_mode), read_only);
    if (root >= 0) close(root);
    close(from);
    return result;
}
