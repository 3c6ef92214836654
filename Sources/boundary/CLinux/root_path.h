// Paths below a root that they cannot leave, whatever symbolic links are there (openat2, RESOLVE_IN_ROOT).
#ifndef CLINUX_ROOT_PATH_H
#define CLINUX_ROOT_PATH_H

#include <stdint.h>
#include <sys/types.h>

/// The root itself, O_PATH.
int root_open(const char *root);
/// Opens a path below the root with these flags and O_CLOEXEC.
int root_path_open(int root, const char *path, uint64_t flags);
/// The same where no component may be a symbolic link: -ELOOP.
int root_path_open_plain(int root, const char *path, uint64_t flags);
/// Opens what is below the root with O_PATH, and checks that it is a character device of this number: -ENODEV.
int root_path_device(int root, const char *path, unsigned major, unsigned minor);
/// Makes the directory and its parents; the directory, O_PATH.
int root_path_directory(int root, const char *path, mode_t mode);
/// Makes the parents of a path; the parent, O_PATH, and in `leaf` (NAME_MAX + 1 bytes) the last component.
int root_path_parent(int root, const char *path, mode_t mode, char *leaf);
/// Makes an empty file and its parents unless something is there, which is not opened; O_PATH.
int root_path_file(int root, const char *path, mode_t mode);

#endif
