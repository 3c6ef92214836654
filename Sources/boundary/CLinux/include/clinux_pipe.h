#ifndef CLINUX_PIPE_H
#define CLINUX_PIPE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// splice(2) without waiting for room or bytes; the count, 0 at the end, or a negative errno.
ssize_t clinux_splice(int from, int to, size_t count);
/// tee(2) without waiting; the count or a negative errno.
ssize_t clinux_tee(int from, int to, size_t count);
/// How many bytes a pipe holds (FIONREAD), or a negative errno.
int clinux_readable_count(int fd);
/// Waits until one of two descriptors is readable, or for so many nanoseconds.
void clinux_wait_either(int first, int second, long nanoseconds);
/// A file of `length` zero bytes in memory; its descriptor or a negative errno.
int clinux_memory_file(const char *name, size_t length);
/// Makes a file at least `length` bytes long, of zeros behind its end; 0 or a negative errno.
int clinux_lengthen(int fd, size_t length);
/// Maps `length` bytes for reading and writing, shared with all who map the file; 0 and the address, or a negative errno.
int clinux_map_shared(int fd, size_t length, void **address);
/// Stores a word after everything that was stored before it.
void clinux_store_release(uint64_t *word, uint64_t value);

#endif
