// What a supervisor of supervisors asks and is told: sd_notify(3), sd_listen_fds(3), and how a process ended whose parent
// somebody else is.
#ifndef CLINUX_SERVICE_H
#define CLINUX_SERVICE_H

#include <stdint.h>

/// A datagram socket connected to a path or, with `@` first, to an abstract name; never blocks. A negative errno otherwise.
int clinux_notify_open(const char *path);
/// unsetenv(3).
void clinux_forget_variable(const char *name);
/// The inode number of an open file, 0 when it cannot be told.
uint64_t clinux_inode(int fd);
/// The program that a child of the caller executes, opened with O_PATH (`/proc/PID/exe`), or a negative errno.
int clinux_open_program(int pid);
/// The wait status of a process that has ended and that its parent has not reaped yet, from proc_pid_stat(5): 0, or -ESRCH
/// when it was reaped or still runs, or when the kernel does not tell. The pidfd is that process's.
int clinux_zombie_status(int pid, int pidfd, int32_t *status);
/// Clock ticks between the machine's boot and the start of a process (field 22 of proc_pid_stat(5)), or a negative errno.
int64_t clinux_start_ticks(int pid);

#endif
