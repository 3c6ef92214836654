#ifndef CLINUX_PIDFD_H
#define CLINUX_PIDFD_H

#include <stdint.h>

/// struct pidfd_info of Linux 6.13, 64 bytes; older kernel headers lack it.
struct clinux_pidfd_info {
    uint64_t mask;
    uint64_t cgroupid;
    uint32_t pid, tgid, ppid, ruid, rgid, euid, egid, suid, sgid, fsuid, fsgid;
    int32_t exit_code;
};

static const uint64_t CLINUX_PIDFD_INFO_PID = 1;
static const uint64_t CLINUX_PIDFD_INFO_CREDS = 2;
static const uint64_t CLINUX_PIDFD_INFO_CGROUPID = 4;
static const uint64_t CLINUX_PIDFD_INFO_EXIT = 8;

int clinux_pidfd_open(int pid, unsigned flags);
int clinux_pidfd_send_signal(int pidfd, int signal);
/// A copy of another process's descriptor, close-on-exec.
int clinux_pidfd_getfd(int pidfd, int fd);
/// PIDFD_GET_INFO; -ENOTTY before Linux 6.13. `mask` tells which fields hold.
int clinux_pidfd_get_info(int pidfd, struct clinux_pidfd_info *info);
/// The name of a system call without which no process can be supervised and this kernel has not, or null: clone3 and
/// pidfd_open came with Linux 5.3, pidfd_send_signal with 5.1.
const char *clinux_missing_to_supervise(void);

#endif
