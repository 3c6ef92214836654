#define _GNU_SOURCE
#include "child.h"

#include <errno.h>
#include <linux/keyctl.h>
#include <sys/syscall.h>
#include <unistd.h>

// All that the possessor may do, and nothing for who only has the same user, as other containers' processes do.
enum { POSSESSOR_ONLY = 0x3F000000 };

int child_session_keyring(struct child *child, const char *name) {
    long keyring = syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, *name ? name : NULL);
    // A kernel without keys has nothing to share, and a sandbox that refuses keyctl(2) to us refuses it to the container.
    if (keyring < 0 && (errno == ENOSYS || errno == EPERM)) return 0;
    if (keyring < 0 && errno == EDQUOT) {
        child_warn(child, EDQUOT);
        return 0;
    }
    if (keyring < 0) return child_step(child, CLINUX_STEP_NONE, -1);
    return child_step(child, CLINUX_STEP_NONE, syscall(SYS_keyctl, KEYCTL_SETPERM, keyring, POSSESSOR_ONLY));
}
