// Does to its own output what can be done to a pipe, and goes on writing.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int put(const char *text) {
    size_t length = strlen(text);
    while (length > 0) {
        ssize_t done = write(1, text, length);
        if (done < 0 && errno == EAGAIN) {
            struct pollfd out = {.fd = 1, .events = POLLOUT};
            if (poll(&out, 1, 60000) != 1) return -1;
            continue;
        }
        if (done < 0) return -1;
        text += done;
        length -= (size_t)done;
    }
    return 0;
}

int main(void) {
    char line[64];
    (void)!fcntl(1, F_SETPIPE_SZ, 4096);
    (void)!fchmod(1, 0);
    (void)!fchown(1, 12345, 12345);
    (void)!fcntl(1, F_SETFL, O_NONBLOCK);
    (void)!fcntl(1, F_SETOWN, 1);
    (void)!fcntl(1, F_SETLEASE, F_WRLCK);
    int again = open("/proc/self/fd/1", O_RDWR | O_NONBLOCK);
    if (again >= 0) (void)!fcntl(again, F_SETFL, O_NONBLOCK | O_DIRECT | O_ASYNC);
    for (int i = 0; i < 1000; i++) {
        snprintf(line, sizeof line, "numbered %d\n", i);
        if (put(line) < 0) return 2;
    }
    (void)!fcntl(1, F_SETPIPE_SZ, 1 << 20);
    for (int i = 1000; i < 2000; i++) {
        snprintf(line, sizeof line, "numbered %d\n", i);
        if (put(line) < 0) return 3;
    }
    return put("last line\n") < 0 ? 4 : 0;
}
