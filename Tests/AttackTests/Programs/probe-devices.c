// Which devices a container may make and open. None is written; those that act when they are opened are only made.
#include "probe.h"
#include <sys/sysmacros.h>

static const struct { char type; int major, minor; const char *name; int opens; } devices[] = {
    {'c', 1, 1, "mem", 1}, {'c', 1, 2, "kmem", 1}, {'c', 1, 3, "null", 1}, {'c', 1, 4, "port", 1}, {'c', 1, 5, "zero", 1},
    {'c', 1, 7, "full", 1}, {'c', 1, 8, "random", 1}, {'c', 1, 9, "urandom", 1}, {'c', 1, 11, "kmsg", 1},
    {'c', 1, 12, "oldmem", 1}, {'c', 4, 0, "tty0", 1}, {'c', 4, 1, "tty1", 1}, {'c', 4, 64, "ttyS0", 0},
    {'c', 5, 0, "tty", 1}, {'c', 5, 1, "console", 1}, {'c', 5, 2, "ptmx", 1}, {'c', 7, 0, "vcs", 1}, {'c', 7, 128, "vcsa", 1},
    {'c', 10, 130, "watchdog", 0}, {'c', 10, 144, "nvram", 1}, {'c', 10, 183, "hwrng", 1}, {'c', 10, 196, "vfio", 1},
    {'c', 10, 200, "tun", 1}, {'c', 10, 203, "cuse", 1}, {'c', 10, 223, "uinput", 1}, {'c', 10, 224, "tpm0", 0},
    {'c', 10, 229, "fuse", 1}, {'c', 10, 231, "snapshot", 0}, {'c', 10, 232, "kvm", 1}, {'c', 10, 234, "btrfs-control", 1},
    {'c', 10, 235, "autofs", 1}, {'c', 10, 236, "mapper", 1}, {'c', 10, 237, "loop-control", 1},
    {'c', 10, 238, "vhost-net", 1}, {'c', 10, 239, "uhid", 1}, {'c', 10, 241, "vhost-vsock", 1}, {'c', 10, 242, "rfkill", 1},
    {'c', 13, 63, "mice", 1}, {'c', 13, 64, "event0", 1}, {'c', 21, 0, "sg0", 1}, {'c', 29, 0, "fb0", 1},
    {'c', 89, 0, "i2c-0", 1}, {'c', 90, 0, "mtd0", 1}, {'c', 108, 0, "ppp", 1}, {'c', 116, 1, "snd", 1},
    {'c', 136, 0, "pts0", 1}, {'c', 136, 9, "pts9", 1}, {'c', 180, 0, "usb", 1}, {'c', 189, 0, "usb1", 1}, {'c', 195, 0, "nvidia", 1},
    {'c', 202, 0, "msr", 1}, {'c', 203, 0, "cpuid", 1}, {'c', 226, 0, "card0", 1}, {'c', 226, 128, "renderD128", 1},
    {'c', 248, 0, "c248", 0}, {'c', 254, 0, "c254", 0}, {'c', 0, 0, "c0", 1},
    {'b', 1, 0, "ram0", 1}, {'b', 7, 0, "loop0", 1}, {'b', 8, 0, "sda", 1}, {'b', 9, 0, "md0", 1}, {'b', 11, 0, "sr0", 0},
    {'b', 252, 0, "b252", 1}, {'b', 253, 0, "dm0", 1}, {'b', 254, 0, "vda", 1}, {'b', 259, 0, "nvme", 1}, {'b', 0, 0, "b0", 1},
};

static void device(unsigned at) {
    char path[64], name[96];
    snprintf(path, sizeof path, "/tmp/probe-%s", devices[at].name);
    mode_t type = devices[at].type == 'c' ? S_IFCHR : S_IFBLK;
    snprintf(name, sizeof name, "mknod %c %s", devices[at].type, devices[at].name);
    int made = mknod(path, type | 0666, makedev(devices[at].major, devices[at].minor));
    say(name, "%s", outcome(made));
    if (made) return;
    static const struct { int flags; const char *name; } ways[] = {{O_RDONLY, "read"}, {O_WRONLY, "write"}, {O_RDWR, "both"}};
    for (int way = 0; devices[at].opens && way < 3; way++) {
        int file = open(path, ways[way].flags | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
        snprintf(name, sizeof name, "open %c %s %s", devices[at].type, devices[at].name, ways[way].name);
        say(name, "%s", outcome(file));
        if (file >= 0) close(file);
    }
    unlink(path);
}

static void pseudoterminal(void) {
    int leader = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC);
    say("open a terminal", "%s", outcome(leader));
    int number = -1, unlocked = 0;
    say("the terminal's number", "%s", outcome(ioctl(leader, TIOCGPTN, &number)));
    say("unlock the terminal", "%s", outcome(ioctl(leader, TIOCSPTLCK, &unlocked)));
    char path[32];
    snprintf(path, sizeof path, "/dev/pts/%d", number);
    int follower = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC);
    say("open its other end", "%s", outcome(follower));
    struct stat info = {0};
    say("its owner", "%s %d:%d %o", outcome(fstat(follower, &info)), info.st_uid, info.st_gid, info.st_mode & 07777);
    char letter = 'x';
    say("TIOCSTI", "%s", outcome(ioctl(follower, TIOCSTI, &letter)));
    say("TIOCLINUX", "%s", outcome(ioctl(follower, TIOCLINUX, &letter)));
    say("TIOCGEXCL", "%s", outcome(ioctl(follower, TIOCGEXCL, &number)));
}

int main(void) {
    umask(0);
    for (unsigned i = 0; i < sizeof devices / sizeof *devices; i++) device(i);
    say("mknod pipe", "%s", outcome(mknod("/tmp/probe-pipe", S_IFIFO | 0600, 0)));
    say("mknod socket", "%s", outcome(mknod("/tmp/probe-socket", S_IFSOCK | 0600, 0)));
    say("mknod whiteout", "%s", outcome(mknod("/tmp/probe-whiteout", S_IFCHR | 0600, 0)));
    say("mknod in /dev", "%s", outcome(mknod("/dev/probe-null", S_IFCHR | 0600, makedev(1, 3))));
    say("open it", "%s", outcome(open("/dev/probe-null", O_RDWR | O_CLOEXEC)));
    say("mknod in /dev/shm", "%s", outcome(mknod("/dev/shm/probe-null", S_IFCHR | 0666, makedev(1, 3))));
    say("open that in /dev/shm", "%s", outcome(open("/dev/shm/probe-null", O_RDWR | O_CLOEXEC)));
    unlink("/dev/probe-null");
    unlink("/dev/shm/probe-null");
    pseudoterminal();
    return 0;
}
