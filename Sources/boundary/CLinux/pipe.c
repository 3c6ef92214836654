#define _GNU_SOURCE
#include "clinux_pipe.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

ssize_t clinux_splice(int from, int to, size_t count) {
    ssize_t moved;
    do moved = splice(from, NULL, to, NULL, count, SPLICE_F_NONBLOCK);
    while (moved < 0 && errno == EINTR);
    return moved < 0 ? -errno : moved;
}

ssize_t clinux_tee(int from, int to, size_t count) {
    ssize_t copied;
    do copied = tee(from, to, count, SPLICE_F_NONBLOCK);
    while (copied < 0 && errno == EINTR);
    return copied < 0 ? -errno : copied;
}

int clinux_readable_count(int fd) {
    int count = 0;
    return ioctl(fd, FIONREAD, &count) < 0 ? -errno : count;
}

void clinux_wait_either(int first, int second, long nanoseconds) {
    struct pollfd both[2] = {{.fd = first, .events = POLLIN}, {.fd = second, .events = POLLIN}};
    struct timespec span = {.tv_sec = nanoseconds / 1000000000, .tv_nsec = nanoseconds % 1000000000};
    ppoll(both, 2, &span, NULL);
}

int clinux_memory_file(const char *name, size_t length) {
    int fd = memfd_create(name, MFD_CLOEXEC);
    if (fd < 0) return -errno;
    if (ftruncate(fd, (off_t)length) != 0) {
        int code = errno;
        close(fd);
        return -code;
    }
    return fd;
}

int clinux_lengthen(int fd, size_t length) {
    struct stat now;
    if (fstat(fd, &now) != 0) return -errno;
    if (now.st_size >= (off_t)length) return 0;
    return ftruncate(fd, (off_t)length) != 0 ? -errno : 0;
}

int clinux_map_shared(int fd, size_t length, void **address) {
    void *mapped = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (mapped == MAP_FAILED) return -errno;
    *address = mapped;
    return 0;
}

void clinux_store_release(uint64_t *word, uint64_t value) { __atomic_store_n(word, value, __ATOMIC_RELEASE); }
