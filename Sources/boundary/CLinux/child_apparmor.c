#define _GNU_SOURCE
#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { PROCFS_ROOT_INODE = 1 };

// The root of a procfs, whatever the container has put in its place (CVE-2019-16884): no link, the type, the inode.
static int open_procfs(void) {
    int proc = open("/proc", O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (proc < 0) return -errno;
    struct statfs system;
    struct stat info;
    if (fstatfs(proc, &system) == 0 && system.f_type == PROC_SUPER_MAGIC && fstat(proc, &info) == 0 &&
        info.st_ino == PROCFS_ROOT_INODE)
        return proc;
    close(proc);
    return -EXDEV;
}

// Nothing that is mounted over a place in it is crossed either (CVE-2023-28642).
static int open_attribute(int proc, const char *path) {
    struct open_how how = {
        .flags = O_WRONLY | O_CLOEXEC, .resolve = RESOLVE_BENEATH | RESOLVE_NO_XDEV | RESOLVE_NO_MAGICLINKS};
    int fd = (int)syscall(SYS_openat2, proc, path, &how, sizeof how);
    return fd < 0 ? -errno : fd;
}

int child_apparmor_profile(struct child *child, const char *name) {
    child->step = CLINUX_STEP_OPEN;
    int proc = open_procfs();
    if (proc < 0) return proc;
    int attribute = open_attribute(proc, "thread-self/attr/apparmor/exec");
    // Before Linux 5.8, where one security module has the place for itself.
    if (attribute == -ENOENT) attribute = open_attribute(proc, "thread-self/attr/exec");
    close(proc);
    if (attribute < 0) return attribute;
    int length = dprintf(attribute, "exec %s", name);
    int result = child_step(child, CLINUX_STEP_WRITE, length);
    close(attribute);
    return result;
}
