// What the first process of a machine does beside keeping: the file systems of the kernel, names, the console at the start;
// processes, storage and the power at the end. Functions return a negative errno when they fail.
#ifndef CLINUX_MACHINE_H
#define CLINUX_MACHINE_H

#include <stdint.h>

/// Whether the caller is in the machine's first PID namespace and not in a container's: 1 or 0. Needs /proc.
int clinux_machine_is_host(void);
/// The file systems that `clinux_machine_mount` knows, in the order in which they are mounted.
enum clinux_machine_mount {
    CLINUX_MACHINE_PROC,
    CLINUX_MACHINE_SYS,
    CLINUX_MACHINE_DEV,
    CLINUX_MACHINE_PTS,
    CLINUX_MACHINE_SHM,
    CLINUX_MACHINE_RUN,
    CLINUX_MACHINE_CGROUP,
    CLINUX_MACHINE_MOUNTS
};
/// Mounts one where it is missing: 1, or 0 when it was there. /proc of another PID namespace is missing.
int clinux_machine_mount(int which);
const char *clinux_machine_mount_point(int which);
/// Makes the root file system writable where it is not: 1, or 0 when it was.
int clinux_machine_write_root(void);
/// Makes all mounts shared, so that other mount namespaces can follow what is mounted later: 0, or a negative errno.
int clinux_machine_share_mounts(void);
/// Opens /dev/console as standard input, output and error, close-on-exec for none.
int clinux_machine_open_console(void);
/// Sets the host's name from /etc/hostname: 1, or 0 when there is no such file or it is empty.
int clinux_machine_set_hostname(void);
/// Enables every controller of the cgroup2 tree for its children, moving the caller out of the way where the kernel demands it;
/// how many.
int clinux_machine_enable_controllers(void);
/// Has ctrl-alt-del send INT to process 1 instead of rebooting at once.
int clinux_machine_tame_ctrl_alt_del(void);
/// Sets a variable of the environment unless it is set.
void clinux_machine_set_default(const char *name, const char *value);
/// The program of that name beside this one, in ../libexec/sereno as seen from it, or where packages install it; null when it
/// is in none of them. The text is static.
char *clinux_machine_find_program(const char *name);
/// Whether this file can be executed.
int clinux_machine_is_executable(const char *path);

/// Sends a signal to process 1.
int clinux_machine_signal_first(int signal);
/// Sends a signal to every process but the caller.
int clinux_machine_signal_all(int signal);
/// Starts a process that writes the file systems to their disks, turns swapping off, unmounts what can be unmounted and makes
/// the rest read-only. It exits with the number of file systems that stayed writable. Its process number.
int clinux_machine_start_settling(void);

enum clinux_machine_end { CLINUX_MACHINE_HALT, CLINUX_MACHINE_POWER_OFF, CLINUX_MACHINE_REBOOT };
/// reboot(2); returns only when the kernel refuses.
int clinux_machine_end(int how);

#endif
