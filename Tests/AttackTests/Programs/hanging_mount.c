// A file system that never answers: mounted with a connection that nobody reads. It ends with this process.
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

int main(int argc, char **argv) {
    if (argc != 2) return 64;
    int device = open("/dev/fuse", O_RDWR | O_CLOEXEC);
    if (device < 0) {
        perror("open /dev/fuse");
        return 1;
    }
    char options[128];
    snprintf(options, sizeof options, "fd=%d,rootmode=40000,user_id=0,group_id=0", device);
    if (mount("hanging", argv[1], "fuse", MS_NOSUID | MS_NODEV, options) != 0) {
        perror("mount fuse");
        return 1;
    }
    puts("mounted");
    fflush(stdout);
    for (;;) pause();
}
