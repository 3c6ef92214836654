#define _GNU_SOURCE
#include "clinux_split.h"

#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

int clinux_split(int *socket) {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0) return -errno;
    pid_t old = getpid();
    pid_t made = fork();
    int code = errno;
    if (made == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
        if (getppid() != old) _exit(1);
    }
    *socket = made == 0 ? ends[1] : ends[0];
    close(made == 0 ? ends[0] : ends[1]);
    if (made >= 0) return made;
    close(*socket);
    return -code;
}
