#ifndef CLINUX_PRIVATE_ROOT_H
#define CLINUX_PRIVATE_ROOT_H

/* How a process of one thread leaves the host's mounts, so that nothing it does with a path can reach them. All return 0 or
   -errno. */

/* Makes a mount namespace of its own, private, in which `path` is a mount; what is mounted below it comes along. */
int clinux_begin_private_root(const char *path);
/* Makes that mount the root and lets go of all others. */
int clinux_finish_private_root(const char *path);
/* Takes a copy of another mount namespace for its own, private, with the directory `root` of it as the root. */
int clinux_copy_root(int mounts, int root);
/* No device, no set-user-ID program and no code of anything mounted here is of use any more; with `read_only` nothing can
   be written either (mount_setattr(2), Linux 5.12; before that for the root alone). */
int clinux_tame_mounts(int read_only);
/* The directory at `path` as a mount that is attached nowhere, tamed as above and read-only: no `..` leads out of it. */
int clinux_detached_directory(const char *path);

#endif
