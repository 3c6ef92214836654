// Which devices a control group of version 2 may use.
#ifndef CLINUX_DEVICES_H
#define CLINUX_DEVICES_H

#include <stddef.h>
#include <stdint.h>

struct clinux_device_rule {
    /// 1 block, 2 character.
    uint32_t type;
    /// 1 mknod, 2 read, 4 write, added.
    uint32_t access;
    /// -1 is any.
    int32_t major, minor;
};

/// Attaches a program (BPF_PROG_TYPE_CGROUP_DEVICE, Linux 4.15) to the group of this directory that allows what a rule
/// allows and nothing else, in the place of all that were attached before: 0 or a negative errno. At no moment is more allowed
/// than by the old programs or by the new one.
int clinux_restrict_devices(const char *group, const struct clinux_device_rule *rules, size_t count);
/// Detaches all such programs from the group: 0 or a negative errno.
int clinux_unrestrict_devices(const char *group);
/// How many such programs are attached to the group itself, or a negative errno.
int clinux_device_programs(const char *group);

#endif
