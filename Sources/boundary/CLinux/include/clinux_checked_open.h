#ifndef CLINUX_CHECKED_OPEN_H
#define CLINUX_CHECKED_OPEN_H

/* Opening what somebody else may have put in a file's place. All return a descriptor, close-on-exec, or -errno. */

/* The regular file at `path` below the directory `root`, links and `..` resolved inside it, for reading. What it is is looked at
   before it is opened, as opening a device or a fifo does something by itself, and what was looked at is opened: -EISDIR for a
   directory, -EMEDIUMTYPE for anything else that is no regular file. */
int clinux_open_regular_in_root(const char *root, const char *path);
/* A path below an open directory with these flags (O_*), resolved as if that were the root. */
int clinux_open_in_root_at(int root, const char *path, int flags);
/* The directory of that name in a directory, for reading its names; a symbolic link is -ELOOP. With `same_mount` one that
   something is mounted on is -EXDEV. */
int clinux_open_directory_at(int directory, const char *name, int same_mount);

#endif
