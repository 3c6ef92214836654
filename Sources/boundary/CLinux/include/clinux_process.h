#ifndef CLINUX_PROCESS_H
#define CLINUX_PROCESS_H

#include <spawn.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct clinux_exit {
    int32_t pid;
    int32_t status;
    int64_t user_ns, system_ns, max_rss_kib;
};

/// Reaps one child that has ended: 1 and its record, 0 when none has, -ECHILD when there are no children.
int clinux_reap(struct clinux_exit *out);
/// Whether `pid` is a child of the caller: 0, or -ECHILD.
int clinux_is_child(int pid);
/// Waits for this child to end and reaps it: its status, or a negative errno.
int clinux_wait(int pid, int *status);
int clinux_kill(int pid, int signal);
int clinux_getpid(void);
int clinux_getppid(void);
/// PR_SET_CHILD_SUBREAPER.
int clinux_set_subreaper(int on);
int clinux_set_name(const char *name);
/// PR_SET_PDEATHSIG.
int clinux_set_parent_death_signal(int signal);
/// Blocks every signal that can be blocked (the kernel unblocks a signal that a fault raises) and returns a
/// non-blocking signalfd of all of them, or a negative errno.
int clinux_signals_to_fd(void);
/// The next signal of a signalfd, 0 when there is none, or a negative errno.
int clinux_next_signal(int signalfd);
/// Raises the soft limit of open files to the hard one and keeps the old one for children.
int clinux_raise_open_files(void);
/// The soft limit of open files.
int64_t clinux_open_files_limit(void);
/// argc and argv of this program: Embedded Swift has no CommandLine.
int clinux_argument_count(void);
char *const *clinux_arguments(void);
/// Executes this program again from a copy that nobody can write to, so that no way a container finds to its own or another's
/// program leads to the file on the disk (CVE-2019-5736). Returns 0 in the copy, or a negative errno when none can be
/// executed. Needs /proc.
int clinux_become_copy(void);
/// Whether this is such a copy and nobody meant to run it: a container that executes /proc/self/exe gets here.
int clinux_is_stray_copy(void);
const char *clinux_getenv(const char *name);
_Noreturn void clinux_exit_now(int code);
/// Opens /dev/null for each of 0, 1 and 2 that is closed, so that no other descriptor gets its number.
int clinux_fill_standard_streams(void);
/// Zeroed memory that costs nothing until it is touched, or null.
void *clinux_zeroed(size_t count, size_t size);
/// One line on standard error, `before number after`; never waits for a reader. `number` is left out when negative.
void clinux_complain(const char *before, int64_t number, const char *after);
/// Starts a program with no signal blocked and the limits that were inherited. With `socket` not negative that
/// descriptor becomes its descriptor 3, named in `variable`; else it becomes the foreground process group of the
/// terminal on standard input, if there is one. Exits 127 when the program is not found and 126 when it cannot be
/// executed. With `program` not negative that open file is executed, whatever is at its path now. `mounts` says where it
/// sees what is mounted. 0, or a negative errno.
int clinux_start(
    char *const *arguments, int program, int socket, const char *variable, int mounts, int32_t *pid, int *pidfd);

/// For `mounts`: the caller's own mount namespace, or a new one that follows the caller's and of which the caller's sees
/// nothing (mount_namespaces(7), MS_SLAVE). A descriptor of a mount namespace stands for that one.
enum { CLINUX_MOUNTS_OF_CALLER = -1, CLINUX_MOUNTS_OF_ITS_OWN = -2 };

/// Whether what is mounted here later is told to namespaces that follow this one: the root mount is shared
/// (mount_namespaces(7)), as systemd makes it. 1 or 0.
int clinux_root_is_shared(void);
/// Opens the mount namespace of a process, close-on-exec, or -EEXIST when it is the caller's own.
int clinux_open_mounts(int pid);

/// Gives the pages of its code back (MADV_DONTNEED), which come again from the file as they are used. 0, or a negative errno.
int clinux_let_go_of_code(void);
/// Gives freed memory of the heap back (malloc_trim(3)).
void clinux_let_go_of_heap(void);
/// Has all threads share this many heaps (M_ARENA_MAX of mallopt(3)) instead of having one each.
void clinux_share_heaps(int most);
/// Has posix_spawn(3) close every descriptor from `first` on in the child (glibc 2.34): 0, or an errno.
int clinux_spawn_close_from(posix_spawn_file_actions_t *actions, int first);

#endif
