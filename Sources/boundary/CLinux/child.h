// The child between clone and exec. It has its own memory (no CLONE_VM), so ordinary C is allowed here.
#ifndef CLINUX_CHILD_H
#define CLINUX_CHILD_H

#include "clinux_spawn.h"
#include "plan.h"

#include <sys/types.h>

enum { MOST_DESCRIPTORS = 64 };

struct child {
    int reports;
    int32_t operation;
    uint32_t step;
    const struct clinux_spawn_request *request;
    /// The plan's descriptors by their numbers in the child; -1 once they are closed.
    int descriptors[MOST_DESCRIPTORS];
    /// Of a process whose PID namespace this one's child is born into, while it is joined; else -1.
    int joined;
    /// The procfs that the sysctls are written below, between the first of them and the end of the mounts; else -1. Each mount of
    /// a procfs costs a tenth of a millisecond when it goes.
    int procfs;
    mode_t umask;
};

// Every operation returns 0 or a negative errno, with `step` saying what it was at.

/// Notes what comes next and passes the result of it on as 0 or a negative errno.
int child_step(struct child *child, uint32_t step, long result);
/// Tells the keeper of a failure that does not end the launch.
void child_warn(struct child *child, int error);
void child_report(struct child *child, uint32_t kind, int error, int64_t value);

/// Closes one of the plan's descriptors, after its last use.
void child_close_descriptor(struct child *child, int index);
/// Closes all of the plan's descriptors and what was kept open besides: what comes next may be seen by the container.
void child_close_descriptors(struct child *child);

int child_write_file(struct child *child, const char *path, const char *data);
int child_loopback_up(struct child *child);
int child_controlling_terminal(struct child *child);
/// Binds what is open (O_PATH) at a place that is open, with MS_RDONLY, MS_NOSUID... added.
int child_bind_place(struct child *child, int source, int place, int recursive, uint64_t flags);
int child_console_in_root(struct child *child, struct fields fields);
int child_own_null_device(struct child *child);
void child_give_streams(uid_t user);
int child_sysctl(struct child *child, struct fields fields);
int child_change_directory(struct child *child, const char *path, int create);

int child_propagation(struct child *child, struct fields fields);
int child_mount(struct child *child, struct fields fields);
int child_mount_in_root(struct child *child, struct fields fields);
int child_bind_in_root(struct child *child, struct fields fields);
int child_attach_tree(struct child *child, struct fields fields);
int child_pivot_root(struct child *child, const char *root);
int child_remount(struct child *child, const char *path, uint64_t flags);
int child_mask_in_root(struct child *child, struct fields fields);
int child_readonly_in_root(struct child *child, struct fields fields);

int child_make_directory_in_root(struct child *child, struct fields fields);
int child_symlink_in_root(struct child *child, struct fields fields);
int child_device_in_root(struct child *child, struct fields fields);

int child_set_limit(struct child *child, struct fields fields);
int child_oom_score(struct child *child, int64_t score);
int child_identity(struct child *child, struct fields fields);
int child_capabilities(struct child *child, struct fields fields);
int child_seccomp(struct child *child, struct fields fields);

int child_session_keyring(struct child *child, const char *name);
int child_apparmor_profile(struct child *child, const char *name);

int child_execute(struct child *child, struct fields fields);

#endif
