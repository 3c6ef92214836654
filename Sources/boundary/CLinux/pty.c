#define _GNU_SOURCE
#include "clinux_pty.h"
#include "root_path.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#ifndef TIOCGPTPEER
#define TIOCGPTPEER _IO('T', 0x41)
#endif

static int peer(int first, int *master, int *terminal) {
    int unlock = 0;
    int second = -1;
    if (ioctl(first, TIOCSPTLCK, &unlock) == 0) second = ioctl(first, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (second < 0) {
        int code = errno;
        close(first);
        return -code;
    }
    *master = first;
    *terminal = second;
    return 0;
}

int clinux_open_pty(int *master, int *terminal) {
    int first = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC);
    return first < 0 ? -errno : peer(first, master, terminal);
}

int clinux_open_pty_in_root(int root, int *master, int *terminal) {
    // Found without opening it first: opening the device that somebody else put there may do anything.
    int place = root_path_open(root, "/dev/pts/ptmx", O_PATH);
    if (place < 0) return place;
    struct stat info;
    int code = fstat(place, &info) < 0 ? -errno : 0;
    if (code == 0 && !(S_ISCHR(info.st_mode) && info.st_rdev == makedev(5, 2))) code = -ENOTTY;
    char path[32];
    snprintf(path, sizeof path, "/proc/self/fd/%d", place);
    int first = code < 0 ? -1 : open(path, O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (code == 0 && first < 0) code = -errno;
    close(place);
    return code < 0 ? code : peer(first, master, terminal);
}

int clinux_set_window(int fd, unsigned short rows, unsigned short columns) {
    struct winsize size = {.ws_row = rows, .ws_col = columns};
    return ioctl(fd, TIOCSWINSZ, &size) < 0 ? -errno : 0;
}

int clinux_get_window(int fd, unsigned short *rows, unsigned short *columns) {
    struct winsize size;
    if (ioctl(fd, TIOCGWINSZ, &size) < 0) return -errno;
    *rows = size.ws_row;
    *columns = size.ws_col;
    return 0;
}

int clinux_is_terminal(int fd) { return isatty(fd); }
