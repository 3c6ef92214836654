// What the init of a container needs beside clinux_process.h: starting its program as the program was to be started, the signals
// that it inherited included.
#ifndef CLINUX_INIT_H
#define CLINUX_INIT_H

#include <stdint.h>

/// Notes the blocked signals and what becomes of CHLD, and sees that ends of children are told (CHLD ignored would reap
/// them unseen). Before `clinux_signals_to_fd`.
void clinux_init_keep_signals(void);
/// Starts a program in a process group of its own, the foreground one when standard input is a terminal, with the blocked
/// and ignored signals that were inherited. 0, or a negative errno of the process's making; `failure` is the errno of
/// execvp(3), 0 when it succeeded, and then there is a process.
int clinux_init_start(char *const *arguments, int32_t *pid, int *pidfd, int *failure);
/// Sends a signal to the process group of a child that is not reaped yet: 0, or a negative errno.
int clinux_init_signal_group(int32_t pid, int signal);
/// Sends KILL to everything that the caller must outlive: all processes of its PID namespace when it is process 1, its
/// children otherwise. 0, or a negative errno.
int clinux_init_kill_rest(void);
/// Waits at most so many milliseconds.
void clinux_init_pause(int milliseconds);
/// A signal by number or by name, with or without `SIG`, in any case: 1 to 64, or 0.
int clinux_init_signal_number(const char *text);

#endif
