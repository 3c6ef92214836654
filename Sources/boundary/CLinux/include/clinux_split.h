#ifndef CLINUX_SPLIT_H
#define CLINUX_SPLIT_H

#include <stdint.h>

/* Splits a process of one thread in two that are connected by a SOCK_SEQPACKET socket, its end in each: 0 in the new process,
   which dies with the old, the new one's number in the old, or -errno. */
int clinux_split(int *socket);

#endif
