#define _GNU_SOURCE
#include "clinux_service.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "clinux_pidfd.h"

int clinux_notify_open(const char *path) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    size_t length = strlen(path);
    if ((path[0] != '/' && path[0] != '@') || length < 2 || length >= sizeof address.sun_path) return -EINVAL;
    memcpy(address.sun_path, path, length);
    if (path[0] == '@') address.sun_path[0] = 0;
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) return -errno;
    if (connect(fd, (struct sockaddr *)&address, (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length)) < 0) {
        int code = errno;
        close(fd);
        return -code;
    }
    return fd;
}

void clinux_forget_variable(const char *name) { unsetenv(name); }

uint64_t clinux_inode(int fd) {
    struct stat info;
    return fstat(fd, &info) < 0 ? 0 : (uint64_t)info.st_ino;
}

int clinux_open_program(int pid) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/exe", pid);
    int fd = open(path, O_PATH | O_CLOEXEC);
    return fd < 0 ? -errno : fd;
}

/// The text of /proc/PID/stat behind the name, which may hold anything: field 3 is the first.
static int read_stat(int pid, char *text, size_t size, char **fields) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return -errno;
    ssize_t got = read(fd, text, size - 1);
    int code = errno;
    close(fd);
    if (got < 0) return -code;
    text[got] = 0;
    char *end = strrchr(text, ')');
    if (!end || end[1] != ' ') return -EINVAL;
    *fields = end + 2;
    return 0;
}

/// The field of that number, counted from 3; NULL when there are fewer.
static char *field(char *fields, int number) {
    for (; number > 3; number--) {
        fields = strchr(fields, ' ');
        if (!fields) return NULL;
        fields++;
    }
    return fields;
}

int clinux_zombie_status(int pid, int pidfd, int32_t *status) {
    char text[1024], *fields;
    if (read_stat(pid, text, sizeof text, &fields) < 0 || fields[0] != 'Z') return -ESRCH;
    char *code = field(fields, 52);
    if (!code) return -ESRCH;
    // Not reaped until now, so the number was that of the process all the time.
    if (clinux_pidfd_send_signal(pidfd, 0) == -ESRCH) return -ESRCH;
    *status = (int32_t)strtol(code, NULL, 10);
    return 0;
}

int64_t clinux_start_ticks(int pid) {
    char text[1024], *fields;
    int failed = read_stat(pid, text, sizeof text, &fields);
    if (failed < 0) return failed;
    char *ticks = field(fields, 22);
    return ticks ? strtoll(ticks, NULL, 10) : -EINVAL;
}
