#ifndef CLINUX_PTY_H
#define CLINUX_PTY_H

/// A new pseudo-terminal, both ends close-on-exec (TIOCGPTPEER, so no path is followed): 0 or a negative errno.
int clinux_open_pty(int *master, int *terminal);
/// The same of the devpts that is mounted at /dev/pts below `root`, so that the terminal has its name there.
int clinux_open_pty_in_root(int root, int *master, int *terminal);
/// TIOCSWINSZ.
int clinux_set_window(int fd, unsigned short rows, unsigned short columns);
/// TIOCGWINSZ.
int clinux_get_window(int fd, unsigned short *rows, unsigned short *columns);
int clinux_is_terminal(int fd);

#endif
