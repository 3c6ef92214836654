#ifndef CLINUX_DESCRIPTOR_H
#define CLINUX_DESCRIPTOR_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

int clinux_close(int fd);
/// F_DUPFD_CLOEXEC, never below 3.
int clinux_dup_cloexec(int fd);
int clinux_set_cloexec(int fd, int on);
int clinux_set_nonblocking(int fd, int on);
/// dup2(2): an open file by that number too; the number.
int clinux_duplicate_to(int fd, int number);
/// pipe2 with O_CLOEXEC.
int clinux_pipe(int ends[2]);
/// open with O_CLOEXEC added.
int clinux_open(const char *path, int flags, unsigned mode);
/// close_range(2); `cloexec` marks instead of closing (CLOSE_RANGE_CLOEXEC).
int clinux_close_range(unsigned first, unsigned last, int cloexec);
ssize_t clinux_read(int fd, void *buffer, size_t count);
ssize_t clinux_write(int fd, const void *buffer, size_t count);
/// Waits until all that was written to the file system of an open file is on the disk (syncfs(2)).
int clinux_syncfs(int fd);
/// Whether fd is readable within `milliseconds` (-1 waits): 1, 0, or a negative errno. A hang-up counts.
int clinux_poll_in(int fd, int milliseconds);
/// A memfd with these bytes and all seals (F_SEAL_SEAL|SHRINK|GROW|WRITE).
int clinux_sealed_memfd(const char *name, const void *bytes, size_t count);
/// The length of a memfd that can neither shrink nor be written any more, else -EINVAL.
int64_t clinux_sealed_length(int fd);
/// Maps `length` bytes read-only; 0 and the address, or a negative errno.
int clinux_map(int fd, size_t length, const void **address);
int clinux_unmap(const void *address, size_t length);
/// The text of an errno, never null.
const char *clinux_strerror(int code);

#endif
