#ifndef CLINUX_EPOLL_H
#define CLINUX_EPOLL_H

#include <stdint.h>

enum { CLINUX_EPOLL_IN = 1, CLINUX_EPOLL_OUT = 4, CLINUX_EPOLL_ERROR = 8, CLINUX_EPOLL_HANGUP = 16 };

struct clinux_event {
    uint32_t events;
    uint64_t token;
};

int clinux_epoll_create(void);
int clinux_epoll_add(int epoll, int fd, uint32_t events, uint64_t token);
int clinux_epoll_change(int epoll, int fd, uint32_t events, uint64_t token);
int clinux_epoll_remove(int epoll, int fd);
/// Waits for at most `capacity` (64 is the most) events; their number, 0 after `milliseconds`, or a negative errno.
int clinux_epoll_wait(int epoll, struct clinux_event *events, int capacity, int milliseconds);
/// eventfd(2), close-on-exec and non-blocking.
int clinux_eventfd(void);

#endif
