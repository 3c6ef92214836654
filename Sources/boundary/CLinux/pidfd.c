#define _GNU_SOURCE
#include "clinux_pidfd.h"

#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

_Static_assert(sizeof(struct clinux_pidfd_info) == 64, "PIDFD_INFO_SIZE_VER0");

int clinux_pidfd_open(int pid, unsigned flags) {
    long fd = syscall(SYS_pidfd_open, pid, flags);
    return fd < 0 ? -errno : (int)fd;
}

int clinux_pidfd_send_signal(int pidfd, int signal) {
    return syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0) < 0 ? -errno : 0;
}

int clinux_pidfd_getfd(int pidfd, int fd) {
    long copy = syscall(SYS_pidfd_getfd, pidfd, fd, 0);
    return copy < 0 ? -errno : (int)copy;
}

int clinux_pidfd_get_info(int pidfd, struct clinux_pidfd_info *info) {
    memset(info, 0, sizeof *info);
    info->mask =
        CLINUX_PIDFD_INFO_PID | CLINUX_PIDFD_INFO_CREDS | CLINUX_PIDFD_INFO_CGROUPID | CLINUX_PIDFD_INFO_EXIT;
    return ioctl(pidfd, _IOWR(0xFF, 11, struct clinux_pidfd_info), info) < 0 ? -errno : 0;
}

const char *clinux_missing_to_supervise(void) {
    // Each with arguments that are refused before anything is done.
    if (syscall(SYS_clone3, NULL, 0) < 0 && errno == ENOSYS) return "clone3 (Linux 5.3)";
    if (syscall(SYS_pidfd_open, -1, 0) < 0 && errno == ENOSYS) return "pidfd_open (Linux 5.3)";
    if (syscall(SYS_pidfd_send_signal, -1, 0, NULL, 0) < 0 && errno == ENOSYS) return "pidfd_send_signal (Linux 5.1)";
    return NULL;
}
