#define _GNU_SOURCE
#include "clinux_confinement.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/securebits.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

int clinux_set_not_dumpable(void) { return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0 ? -errno : 0; }

int clinux_set_no_new_privileges(void) { return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ? -errno : 0; }

int clinux_leave_network(void) {
    return unshare(CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS) < 0 ? -errno : 0;
}

// Without CAP_SETPCAP, as an ordinary user, the bounding set stays: with no_new_privs nothing in it can be had.
static int shrink_bounding_set(uint64_t kept) {
    for (int capability = 0; capability < 64; capability++) {
        int held = prctl(PR_CAPBSET_READ, capability, 0, 0, 0);
        if (held < 0) break;
        if (held == 0 || (kept >> capability & 1)) continue;
        if (prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) < 0 && errno != EPERM) return -errno;
    }
    return 0;
}

int clinux_keep_capabilities(uint64_t kept) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[2];
    int result = shrink_bounding_set(kept);
    if (result < 0) return result;
    prctl(PR_SET_SECUREBITS, SECBIT_NOROOT | SECBIT_NOROOT_LOCKED | SECBIT_NO_SETUID_FIXUP | SECBIT_NO_SETUID_FIXUP_LOCKED,
          0, 0, 0);
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    if (syscall(SYS_capget, &header, data) < 0) return -errno;
    for (int half = 0; half < 2; half++) {
        data[half].permitted &= (uint32_t)(kept >> (32 * half));
        data[half].effective = data[half].permitted;
        data[half].inheritable = 0;
    }
    return syscall(SYS_capset, &header, data) < 0 ? -errno : 0;
}

int clinux_become(uint32_t uid, uint32_t gid) {
    // While it still may: without root's capabilities the bounding set cannot be changed.
    int result = shrink_bounding_set(0);
    if (result < 0) return result;
    if (setgroups(0, NULL) < 0 || setresgid(gid, gid, gid) < 0 || setresuid(uid, uid, uid) < 0) return -errno;
    return 0;
}

int clinux_close_from(uint32_t first) { return syscall(SYS_close_range, first, ~0U, 0) < 0 ? -errno : 0; }

int clinux_lower_limit(int limit, uint64_t most) {
    struct rlimit held;
    if (getrlimit((__rlimit_resource_t)limit, &held) < 0) return -errno;
    if (held.rlim_max > most) held.rlim_max = most;
    if (held.rlim_cur > held.rlim_max) held.rlim_cur = held.rlim_max;
    return setrlimit((__rlimit_resource_t)limit, &held) < 0 ? -errno : 0;
}
