// The encoded launch plan (docs/keeper.md): its numbers, and the check that it holds together.
#ifndef CLINUX_PLAN_H
#define CLINUX_PLAN_H

#include <stddef.h>
#include <stdint.h>

enum clinux_operation {
    CLINUX_ENTER_NAMESPACE = 1,
    CLINUX_UNSHARE,
    CLINUX_WRITE_FILE,
    CLINUX_LOOPBACK_UP,
    CLINUX_SET_HOSTNAME,
    CLINUX_SET_DOMAINNAME,
    CLINUX_PROPAGATION,
    CLINUX_MOUNT,
    CLINUX_MOUNT_IN_ROOT,
    CLINUX_BIND_IN_ROOT,
    CLINUX_MAKE_DIRECTORY_IN_ROOT,
    CLINUX_SYMLINK_IN_ROOT,
    CLINUX_DEVICE_IN_ROOT,
    CLINUX_PIVOT_ROOT,
    CLINUX_REMOUNT,
    CLINUX_SET_LIMIT = 18,
    CLINUX_OOM_SCORE_ADJUST,
    CLINUX_NEW_SESSION,
    CLINUX_CONTROLLING_TERMINAL,
    CLINUX_UMASK,
    CLINUX_NO_NEW_PRIVILEGES,
    CLINUX_IDENTITY,
    CLINUX_CAPABILITIES,
    CLINUX_SECCOMP,
    CLINUX_CHANGE_DIRECTORY,
    CLINUX_PARENT_DEATH_SIGNAL,
    CLINUX_EXECUTE,
    CLINUX_ATTACH_TREE,
    CLINUX_BIRTH,
    CLINUX_SYSCTL,
    CLINUX_MASK_IN_ROOT,
    CLINUX_READONLY_IN_ROOT,
    CLINUX_CONSOLE_IN_ROOT,
    CLINUX_OWN_NULL_DEVICE,
    CLINUX_SESSION_KEYRING,
    CLINUX_APPARMOR_PROFILE,
    CLINUX_OPERATION_END
};

/// What an operation was doing; `LaunchStep` of KeeperProtocol.
enum clinux_step {
    CLINUX_STEP_NONE,
    CLINUX_STEP_OPEN_ROOT,
    CLINUX_STEP_OPEN_TARGET,
    CLINUX_STEP_MAKE_TARGET,
    CLINUX_STEP_OPEN_SOURCE,
    CLINUX_STEP_SET_ATTRIBUTES,
    CLINUX_STEP_ATTACH,
    CLINUX_STEP_MOUNT,
    CLINUX_STEP_REMOUNT,
    CLINUX_STEP_PROPAGATION,
    CLINUX_STEP_PIVOT,
    CLINUX_STEP_DETACH,
    CLINUX_STEP_CHANGE_DIRECTORY,
    CLINUX_STEP_OPEN,
    CLINUX_STEP_WRITE,
    CLINUX_STEP_SET_NAMESPACE,
    CLINUX_STEP_NETWORK,
    CLINUX_STEP_GROUPS,
    CLINUX_STEP_GROUP,
    CLINUX_STEP_USER,
    CLINUX_STEP_CAPABILITY_SETS,
    CLINUX_STEP_BOUNDING_SET,
    CLINUX_STEP_AMBIENT_SET,
    CLINUX_STEP_MAKE_NODE,
    CLINUX_STEP_CHANGE_OWNER,
    CLINUX_STEP_CONTROL_TERMINAL,
    CLINUX_STEP_STANDARD_STREAMS,
    CLINUX_STEP_CLONE_INSIDE,
    CLINUX_STEP_JOIN_CGROUP,
    CLINUX_STEP_EXECUTE,
    CLINUX_STEP_MEMORY
};

/// The header of an encoded plan, 40 bytes.
struct clinux_plan_header {
    uint32_t magic;
    uint32_t version;
    uint64_t namespaces;
    uint64_t enter_flags;
    int32_t cgroup_descriptor;
    int32_t enter_descriptor;
    uint32_t operation_count;
    uint32_t length;
};

/// Checks every byte of a plan against its bounds: 0, or -EINVAL with the operation at fault (-1: the header). A plan
/// that passes can be interpreted without further checks of lengths and of indexes below `descriptor_count`.
int clinux_plan_check(const void *plan, size_t length, int descriptor_count, int32_t *operation);

#endif
