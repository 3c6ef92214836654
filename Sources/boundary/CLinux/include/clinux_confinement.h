#ifndef CLINUX_CONFINEMENT_H
#define CLINUX_CONFINEMENT_H

#include <stdint.h>

/* What a process gives up for good. Functions return 0 or -errno. */

/* PR_SET_DUMPABLE 0: nobody without CAP_SYS_PTRACE opens its /proc entries or traces it. execve(2) gives it back. */
int clinux_set_not_dumpable(void);
/* Keeps of all capability sets only these (bits by number): bounding, permitted, effective; inheritable and ambient are emptied,
   and no user number brings any back (SECBIT_NOROOT, SECBIT_NO_SETUID_FIXUP, both locked). */
int clinux_keep_capabilities(uint64_t kept);
/* PR_SET_NO_NEW_PRIVS. */
int clinux_set_no_new_privileges(void);
/* Network, IPC and UTS namespaces of its own; sockets that are open stay where they are. */
int clinux_leave_network(void);
/* Becomes a user without further groups and without any capability to come, for good; for a process of one thread. */
int clinux_become(uint32_t uid, uint32_t gid);
/* Closes every descriptor from `first` on. */
int clinux_close_from(uint32_t first);
/* Lowers a limit to at most `most`, soft and hard. `limit` is RLIMIT_*. */
int clinux_lower_limit(int limit, uint64_t most);

#endif
