#define _GNU_SOURCE
#include "clinux_pty.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#ifndef TIOCGPTPEER
#define TIOCGPTPEER _IO('T', 0x41)
#endif

int clinux_open_pty(int *master, int *terminal) {
    int first = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (first < 0) return -errno;
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
