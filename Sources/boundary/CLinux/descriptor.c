#define _GNU_SOURCE
#include "clinux_descriptor.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef CLOSE_RANGE_CLOEXEC
#define CLOSE_RANGE_CLOEXEC (1U << 2)
#endif

static int result(int value) { return value < 0 ? -errno : value; }

int clinux_close(int fd) { return result(close(fd)); }

int clinux_dup_cloexec(int fd) { return result(fcntl(fd, F_DUPFD_CLOEXEC, 3)); }

int clinux_set_cloexec(int fd, int on) { return result(fcntl(fd, F_SETFD, on ? FD_CLOEXEC : 0)); }

int clinux_set_nonblocking(int fd, int on) {
    int flags = fcntl(fd, F_GETFL);
    if (flags < 0) return -errno;
    return result(fcntl(fd, F_SETFL, on ? flags | O_NONBLOCK : flags & ~O_NONBLOCK));
}

int clinux_duplicate_to(int fd, int number) { return result(dup2(fd, number)); }

int clinux_syncfs(int fd) { return result(syncfs(fd)); }

int clinux_pipe(int ends[2]) { return result(pipe2(ends, O_CLOEXEC)); }

int clinux_open(const char *path, int flags, unsigned mode) {
    return result(open(path, flags | O_CLOEXEC, (mode_t)mode));
}

int clinux_close_range(unsigned first, unsigned last, int cloexec) {
    return result((int)syscall(SYS_close_range, first, last, cloexec ? CLOSE_RANGE_CLOEXEC : 0));
}

ssize_t clinux_read(int fd, void *buffer, size_t count) {
    ssize_t got;
    do got = read(fd, buffer, count);
    while (got < 0 && errno == EINTR);
    return got < 0 ? -errno : got;
}

ssize_t clinux_write(int fd, const void *buffer, size_t count) {
    ssize_t put;
    do put = write(fd, buffer, count);
    while (put < 0 && errno == EINTR);
    return put < 0 ? -errno : put;
}

int clinux_poll_in(int fd, int milliseconds) {
    struct pollfd one = {.fd = fd, .events = POLLIN};
    int ready;
    do ready = poll(&one, 1, milliseconds);
    while (ready < 0 && errno == EINTR);
    return ready < 0 ? -errno : ready > 0;
}

int clinux_sealed_memfd(const char *name, const void *bytes, size_t count) {
    int fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (fd < 0) return -errno;
    const char *next = bytes;
    while (count > 0) {
        ssize_t put = clinux_write(fd, next, count);
        if (put <= 0) {
            close(fd);
            return put < 0 ? (int)put : -EIO;
        }
        next += put;
        count -= (size_t)put;
    }
    if (fcntl(fd, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) < 0) {
        int code = errno;
        close(fd);
        return -code;
    }
    return fd;
}

int64_t clinux_sealed_length(int fd) {
    int seals = fcntl(fd, F_GET_SEALS);
    if (seals < 0 || (seals & (F_SEAL_SHRINK | F_SEAL_WRITE)) != (F_SEAL_SHRINK | F_SEAL_WRITE)) return -EINVAL;
    struct stat info;
    if (fstat(fd, &info) != 0) return -errno;
    return info.st_size;
}

int clinux_map(int fd, size_t length, const void **address) {
    void *mapped = mmap(NULL, length, PROT_READ, MAP_PRIVATE, fd, 0);
    if (mapped == MAP_FAILED) return -errno;
    *address = mapped;
    return 0;
}

int clinux_unmap(const void *address, size_t length) { return result(munmap((void *)address, length)); }

const char *clinux_strerror(int code) {
    const char *text = strerrordesc_np(code);
    return text ? text : "Unknown error";
}
