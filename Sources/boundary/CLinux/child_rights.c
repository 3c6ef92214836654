#define _GNU_SOURCE
#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

int child_set_limit(struct child *child, struct fields fields) {
    int resource = (int)(int64_t)number_field(&fields);
    struct {
        uint64_t soft, hard;
    } limit;
    limit.soft = number_field(&fields);
    limit.hard = number_field(&fields);
    if (syscall(SYS_prlimit64, 0, resource, &limit, NULL) == 0) return 0;
    if (errno != EPERM) return -errno;
    child_warn(child, EPERM);
    return 0;
}

int child_oom_score(struct child *child, int64_t score) {
    char text[32];
    snprintf(text, sizeof text, "%lld", (long long)score);
    int result = child_write_file(child, "/proc/self/oom_score_adj", text);
    if (result != -EACCES && result != -EPERM) return result;
    child_warn(child, -result);
    return 0;
}

int child_identity(struct child *child, struct fields fields) {
    uid_t user = (uid_t)number_field(&fields);
    gid_t group = (gid_t)number_field(&fields);
    uint32_t count = count_field(&fields);
    gid_t *groups = calloc(count + 1, sizeof *groups);
    if (!groups) return child_step(child, CLINUX_STEP_MEMORY, -1);
    for (uint32_t i = 0; i < count; i++) groups[i] = (gid_t)number_field(&fields);
    child_give_streams(user);
    // Raw calls: the C library's wrappers want to change every thread, and after clone3 its idea of them is stale.
    int result = child_step(child, CLINUX_STEP_GROUPS, syscall(SYS_setgroups, (size_t)count, groups));
    free(groups);
    if (result == 0) result = child_step(child, CLINUX_STEP_GROUP, syscall(SYS_setresgid, group, group, group));
    if (result == 0) result = child_step(child, CLINUX_STEP_CAPABILITY_SETS, prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0));
    if (result == 0) result = child_step(child, CLINUX_STEP_USER, syscall(SYS_setresuid, user, user, user));
    // Another identity is dumped as fs.suid_dumpable says, which may be: by everybody.
    (void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    return result;
}

struct sets {
    uint64_t effective, permitted, inheritable;
};

static long get_sets(struct sets *sets) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[2];
    long result = syscall(SYS_capget, &header, data);
    sets->effective = data[0].effective | (uint64_t)data[1].effective << 32;
    sets->permitted = data[0].permitted | (uint64_t)data[1].permitted << 32;
    sets->inheritable = data[0].inheritable | (uint64_t)data[1].inheritable << 32;
    return result;
}

static long set_sets(const struct sets *sets) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[2] = {
        {.effective = (uint32_t)sets->effective,
         .permitted = (uint32_t)sets->permitted,
         .inheritable = (uint32_t)sets->inheritable},
        {.effective = (uint32_t)(sets->effective >> 32),
         .permitted = (uint32_t)(sets->permitted >> 32),
         .inheritable = (uint32_t)(sets->inheritable >> 32)}};
    return syscall(SYS_capset, &header, data);
}

static int drop_bounding(struct child *child, uint64_t keep) {
    for (int capability = 0; capability < 64; capability++) {
        int present = prctl(PR_CAPBSET_READ, capability, 0, 0, 0);
        if (present < 0) return 0;  // beyond the last capability of this kernel
        if (!present || keep & 1ULL << capability) continue;
        int result = child_step(child, CLINUX_STEP_BOUNDING_SET, prctl(PR_CAPBSET_DROP, capability, 0, 0, 0));
        if (result < 0) return result;
    }
    return 0;
}

static int raise_ambient(struct child *child, uint64_t wanted) {
    // Kernels before 4.3 have no ambient set, and then there is nothing to clear.
    if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) < 0 && errno != EINVAL)
        return child_step(child, CLINUX_STEP_AMBIENT_SET, -1);
    for (int capability = 0; capability < 64; capability++) {
        if (!(wanted & 1ULL << capability)) continue;
        int result = child_step(
            child, CLINUX_STEP_AMBIENT_SET, prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0, 0));
        if (result < 0) return result;
    }
    return 0;
}

int child_capabilities(struct child *child, struct fields fields) {
    uint64_t bounding = number_field(&fields);
    struct sets wanted, held;
    wanted.effective = number_field(&fields);
    wanted.permitted = number_field(&fields);
    wanted.inheritable = number_field(&fields);
    uint64_t ambient = number_field(&fields);
    int result = child_step(child, CLINUX_STEP_CAPABILITY_SETS, get_sets(&held));
    if (result < 0) return result;
    // After setuid the effective set is empty though the permitted one was kept, and dropping needs CAP_SETPCAP.
    struct sets all = {.effective = held.permitted, .permitted = held.permitted, .inheritable = held.inheritable};
    result = child_step(child, CLINUX_STEP_CAPABILITY_SETS, set_sets(&all));
    if (result == 0) result = drop_bounding(child, bounding);
    if (result < 0) return result;
    // What the keeper itself does not have cannot be given: less is granted, and told.
    if (wanted.permitted & ~held.permitted) {
        child->step = CLINUX_STEP_CAPABILITY_SETS;
        child_warn(child, EPERM);
    }
    wanted.permitted &= held.permitted;
    wanted.effective &= wanted.permitted;
    wanted.inheritable &= held.permitted;
    result = child_step(child, CLINUX_STEP_CAPABILITY_SETS, set_sets(&wanted));
    if (result < 0) return result;
    return raise_ambient(child, ambient & wanted.permitted & wanted.inheritable);
}

int child_seccomp(struct child *child, struct fields fields) {
    uint32_t length = count_field(&fields);
    // A filter may forbid write(2): from here on silence is no sign of a failure.
    child_report(child, CLINUX_REPORT_FILTERED, 0, 0);
    struct sock_fprog program = {
        .len = (unsigned short)(length / sizeof(struct sock_filter)), .filter = (struct sock_filter *)fields.next};
    return child_step(child, CLINUX_STEP_NONE, prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0));
}
