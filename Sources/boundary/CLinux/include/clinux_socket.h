#ifndef CLINUX_SOCKET_H
#define CLINUX_SOCKET_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// A pair of SOCK_SEQPACKET sockets, close-on-exec.
int clinux_seqpacket_pair(int ends[2]);
/// Sends one packet with descriptors (SCM_RIGHTS, at most 64), MSG_NOSIGNAL. `wait` 0 is MSG_DONTWAIT.
ssize_t clinux_send_packet(int fd, const void *bytes, size_t count, const int *fds, int fd_count, int wait);
/// Receives one packet with its descriptors (MSG_CMSG_CLOEXEC): its length, 0 at the end, or a negative errno
/// (-EMSGSIZE when it was cut). `fds` takes 64; `fd_count` is -EMFILE when not all descriptors could be received, and
/// then those that could are closed.
ssize_t clinux_receive_packet(int fd, void *bytes, size_t capacity, int *fds, int *fd_count, int wait);
/// SO_SNDBUF and SO_RCVBUF, SO_SNDTIMEO in milliseconds.
int clinux_set_buffers(int fd, int bytes);
int clinux_set_send_timeout(int fd, int milliseconds);
/// How many bytes of memory hold what the peer has not taken yet (SIOCOUTQ, unix(7)), or a negative errno.
int clinux_untaken(int fd);
/// SHUT_RD: what was sent can still be read, nothing more can be sent.
int clinux_shut_reading(int fd);
/// Whether fd is a connected SOCK_SEQPACKET socket: 0, else -ENOTSOCK or -EPROTOTYPE.
int clinux_is_seqpacket(int fd);

#endif
