// Looks at, fills and searches the session keyring of the caller: describe | add NAME | find NAME | join RING NAME |
// linger NAME | under RING PROGRAM...
// join RING NAME | linger NAME | under RING PROGRAM...
#include <errno.h>
#include <linux/keyctl.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static int failed(const char *call) {
    printf("%s: %s\n", call, strerror(errno));
    return 1;
}

static int describe(void) {
    char text[512] = "";
    long serial = syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_SESSION_KEYRING, 0);
    if (serial < 0) return failed("get_keyring_id");
    if (syscall(SYS_keyctl, KEYCTL_DESCRIBE, serial, text, sizeof text) < 0) return failed("describe");
    printf("%ld %s\n", serial, text);
    return 0;
}

static int add(const char *name) {
    long key = syscall(SYS_add_key, "user", name, "secret", 6L, KEY_SPEC_SESSION_KEYRING);
    if (key < 0) return failed("add_key");
    printf("added %ld\n", key);
    return 0;
}

static int find(const char *name) {
    long key = syscall(SYS_keyctl, KEYCTL_SEARCH, KEY_SPEC_SESSION_KEYRING, "user", name, 0);
    if (key >= 0) return printf("found %ld\n", key) < 0;
    return failed("search");
}

static int join(const char *ring, const char *name) {
    if (syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, ring) < 0) return failed("join");
    return find(name);
}

int main(int count, char **words) {
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (count > 1 && strcmp(words[1], "describe") == 0) return describe();
    if (count > 2 && strcmp(words[1], "add") == 0) return add(words[2]);
    if (count > 2 && strcmp(words[1], "find") == 0) return find(words[2]);
    if (count > 3 && strcmp(words[1], "join") == 0) return join(words[2], words[3]);
    if (count > 3 && strcmp(words[1], "under") == 0) {
        // As systemd starts a service.
        if (syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, words[2]) < 0) return failed("join");
        execvp(words[3], words + 3);
        return failed("exec");
    }
    if (count > 2 && strcmp(words[1], "linger") == 0) {
        if (describe() || add(words[2])) return 1;
        for (;;) pause();
    }
    return 2;
}
