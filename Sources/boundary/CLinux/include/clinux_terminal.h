#ifndef CLINUX_TERMINAL_H
#define CLINUX_TERMINAL_H

/*
 * Signals as a descriptor and the size of a terminal, for the command. In this header because the Glibc module of
 * Swift has neither signalfd(2) nor variadic ioctl(2).
 */

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>

/* Blocks every signal but CHLD and PIPE (KILL, STOP and the C library's two cannot be) and gives a
 * descriptor that reads them; -errno on failure. */
static inline int clinux_terminal_signals(void) {
    sigset_t set;
    sigfillset(&set);
    sigdelset(&set, SIGCHLD);
    sigdelset(&set, SIGPIPE);
    if (sigprocmask(SIG_BLOCK, &set, NULL) != 0) return -errno;
    int descriptor = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    return descriptor < 0 ? -errno : descriptor;
}

/* The next signal that has arrived, 0 when none has. */
static inline int clinux_terminal_next_signal(int descriptor) {
    struct signalfd_siginfo info;
    ssize_t count = read(descriptor, &info, sizeof info);
    return count == (ssize_t)sizeof info ? (int)info.ssi_signo : 0;
}

/* Lets every signal through again. */
static inline void clinux_terminal_unblock_signals(void) {
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Ends this process by the signal, as if it had never been blocked; returns only where it cannot. */
static inline void clinux_terminal_end_by_signal(int number) {
    signal(number, SIG_DFL);
    clinux_terminal_unblock_signals();
    kill(getpid(), number);
}

/* Rows and columns of a terminal; 0, or -errno. */
static inline int clinux_terminal_size(int descriptor, uint16_t *rows, uint16_t *columns) {
    struct winsize size;
    if (ioctl(descriptor, TIOCGWINSZ, &size) != 0) return -errno;
    *rows = size.ws_row;
    *columns = size.ws_col;
    return 0;
}

#endif
