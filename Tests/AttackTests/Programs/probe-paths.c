// What of /proc, /sys, /dev and /etc a container sees and may change. Nothing is written.
#include "probe.h"
#include <dirent.h>

static const char *const paths[] = {
    "/", "/.dockerenv", "/run", "/run/.containerenv", "/etc", "/etc/hosts", "/etc/hostname", "/etc/resolv.conf",
    "/etc/mtab", "/etc/passwd", "/tmp", "/bin/busybox", "/attack",
    "/dev", "/dev/console", "/dev/core", "/dev/fd", "/dev/full", "/dev/mqueue", "/dev/null", "/dev/ptmx", "/dev/pts",
    "/dev/pts/ptmx", "/dev/pts/0", "/dev/random", "/dev/shm", "/dev/stderr", "/dev/stdin", "/dev/stdout", "/dev/tty",
    "/dev/urandom", "/dev/zero", "/dev/fuse", "/dev/kmsg", "/dev/mem", "/dev/kvm", "/dev/net", "/dev/loop-control",
    "/proc", "/proc/1", "/proc/1/root", "/proc/1/cwd", "/proc/1/exe", "/proc/1/environ", "/proc/1/mem", "/proc/1/maps",
    "/proc/1/fd", "/proc/1/ns/mnt", "/proc/self", "/proc/self/attr/current", "/proc/self/attr/exec",
    "/proc/self/uid_map", "/proc/self/gid_map", "/proc/self/setgroups", "/proc/self/oom_score_adj",
    "/proc/self/oom_adj", "/proc/self/autogroup", "/proc/self/clear_refs", "/proc/self/comm", "/proc/self/pagemap",
    "/proc/self/stack", "/proc/self/syscall", "/proc/self/timerslack_ns", "/proc/self/sessionid", "/proc/self/mountinfo",
    "/proc/thread-self", "/proc/acpi", "/proc/acpi/wakeup", "/proc/asound", "/proc/buddyinfo", "/proc/bus",
    "/proc/bus/pci", "/proc/cgroups", "/proc/cmdline", "/proc/config.gz", "/proc/consoles", "/proc/cpuinfo",
    "/proc/crypto", "/proc/devices", "/proc/diskstats", "/proc/dma", "/proc/driver", "/proc/execdomains", "/proc/fb",
    "/proc/filesystems", "/proc/fs", "/proc/fs/ext4", "/proc/interrupts", "/proc/iomem", "/proc/ioports", "/proc/irq",
    "/proc/irq/default_smp_affinity", "/proc/irq/0/smp_affinity", "/proc/kallsyms", "/proc/kcore", "/proc/key-users",
    "/proc/keys", "/proc/kmsg", "/proc/kpagecgroup", "/proc/kpagecount", "/proc/kpageflags", "/proc/latency_stats",
    "/proc/loadavg", "/proc/locks", "/proc/mdstat", "/proc/meminfo", "/proc/misc", "/proc/modules", "/proc/mounts",
    "/proc/mtrr", "/proc/net", "/proc/pagetypeinfo", "/proc/partitions", "/proc/pressure", "/proc/pressure/memory",
    "/proc/sched_debug", "/proc/schedstat", "/proc/scsi", "/proc/scsi/scsi", "/proc/slabinfo", "/proc/softirqs",
    "/proc/stat", "/proc/swaps", "/proc/sys", "/proc/sysrq-trigger", "/proc/sysvipc", "/proc/timer_list",
    "/proc/timer_stats", "/proc/tty", "/proc/uptime", "/proc/version", "/proc/version_signature", "/proc/vmallocinfo",
    "/proc/vmstat", "/proc/xen", "/proc/zoneinfo",
    "/proc/sys/fs/binfmt_misc", "/proc/sys/fs/protected_symlinks", "/proc/sys/fs/suid_dumpable", "/proc/sys/fs/file-max",
    "/proc/sys/kernel/core_pattern", "/proc/sys/kernel/hotplug", "/proc/sys/kernel/modprobe", "/proc/sys/kernel/sysrq",
    "/proc/sys/kernel/poweroff_cmd", "/proc/sys/kernel/usermodehelper/bset", "/proc/sys/kernel/hostname",
    "/proc/sys/kernel/domainname", "/proc/sys/kernel/shmmax", "/proc/sys/kernel/msgmax", "/proc/sys/kernel/sem",
    "/proc/sys/kernel/randomize_va_space", "/proc/sys/kernel/kptr_restrict", "/proc/sys/kernel/dmesg_restrict",
    "/proc/sys/kernel/ns_last_pid", "/proc/sys/kernel/pid_max", "/proc/sys/kernel/unprivileged_bpf_disabled",
    "/proc/sys/kernel/io_uring_disabled", "/proc/sys/kernel/panic", "/proc/sys/kernel/threads-max",
    "/proc/sys/kernel/perf_event_paranoid", "/proc/sys/vm/drop_caches", "/proc/sys/vm/overcommit_memory",
    "/proc/sys/vm/swappiness", "/proc/sys/vm/panic_on_oom", "/proc/sys/vm/compact_memory",
    "/proc/sys/net/ipv4/ip_forward", "/proc/sys/net/ipv4/ip_unprivileged_port_start",
    "/proc/sys/net/ipv4/ping_group_range", "/proc/sys/net/core/somaxconn", "/proc/sys/net/ipv6/conf/all/disable_ipv6",
    "/proc/sys/user/max_user_namespaces", "/proc/sys/user/max_mnt_namespaces", "/proc/sys/dev", "/proc/sys/abi",
    "/sys", "/sys/block", "/sys/bus", "/sys/class", "/sys/class/net", "/sys/class/net/lo/mtu", "/sys/dev",
    "/sys/devices", "/sys/devices/virtual", "/sys/devices/virtual/powercap", "/sys/devices/virtual/dmi",
    "/sys/devices/virtual/dmi/id/product_uuid", "/sys/devices/system/cpu/online",
    "/sys/devices/system/cpu/cpu0/thermal_throttle", "/sys/devices/system/cpu/cpu0/online",
    "/sys/devices/system/cpu/vulnerabilities", "/sys/devices/system/memory", "/sys/devices/system/node",
    "/sys/firmware", "/sys/firmware/acpi", "/sys/firmware/efi", "/sys/firmware/dmi", "/sys/firmware/memmap", "/sys/fs",
    "/sys/fs/bpf", "/sys/fs/cgroup", "/sys/fs/cgroup/cgroup.procs", "/sys/fs/cgroup/release_agent",
    "/sys/fs/cgroup/memory", "/sys/fs/cgroup/memory/release_agent", "/sys/fs/cgroup/memory/memory.limit_in_bytes",
    "/sys/fs/cgroup/memory/cgroup.procs", "/sys/fs/cgroup/devices/devices.allow", "/sys/fs/cgroup/pids/pids.max",
    "/sys/fs/cgroup/unified", "/sys/fs/cgroup/systemd", "/sys/fs/cgroup/cpuset/cpuset.cpus", "/sys/fs/ext4",
    "/sys/fs/fuse", "/sys/fs/pstore", "/sys/fs/selinux", "/sys/fs/smackfs", "/sys/hypervisor", "/sys/kernel",
    "/sys/kernel/config", "/sys/kernel/debug", "/sys/kernel/tracing", "/sys/kernel/security", "/sys/kernel/kexec_loaded",
    "/sys/kernel/uevent_helper", "/sys/kernel/mm", "/sys/kernel/mm/transparent_hugepage/enabled",
    "/sys/kernel/slab", "/sys/kernel/notes", "/sys/kernel/vmcoreinfo", "/sys/kernel/profiling", "/sys/kernel/oops_count",
    "/sys/kernel/irq", "/sys/kernel/iommu_groups", "/sys/kernel/btf/vmlinux", "/sys/module",
    "/sys/module/kernel/parameters", "/sys/power", "/sys/power/state", "/sys/power/mem_sleep",
};

static const char *kind(mode_t mode) {
    switch (mode & S_IFMT) {
    case S_IFDIR: return "directory";
    case S_IFCHR: return "character device";
    case S_IFBLK: return "block device";
    case S_IFLNK: return "link";
    case S_IFIFO: return "pipe";
    case S_IFSOCK: return "socket";
    default: return "file";
    }
}

// How many names a directory has, up to two: those of the volatile kind do not matter then.
static const char *entries(const char *path) {
    DIR *directory = opendir(path);
    if (!directory) return strerrorname_np(errno);
    int count = 0;
    struct dirent *entry;
    while ((entry = readdir(directory)))
        count += strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..");
    closedir(directory);
    return count ? "with entries" : "empty";
}

static const char *content(const char *path) {
    int file = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (file < 0) return strerrorname_np(errno);
    char byte;
    ssize_t count = read(file, &byte, 1);
    const char *result = count < 0 ? strerrorname_np(errno) : count ? "with data" : "empty";
    close(file);
    return result;
}

static void look(const char *path) {
    char name[512];
    struct stat link, info;
    snprintf(name, sizeof name, "path %s", path);
    if (lstat(path, &link)) { say(name, "%s", outcome(-1)); return; }
    if (stat(path, &info)) { say(name, "dangling, %s", outcome(-1)); return; }
    say(name, "%s to %s %o owner %d:%d device %#lx", kind(link.st_mode), kind(info.st_mode), info.st_mode & 07777,
        info.st_uid, info.st_gid, S_ISCHR(info.st_mode) || S_ISBLK(info.st_mode) ? (long)info.st_rdev : 0);
    snprintf(name, sizeof name, "read %s", path);
    // Standard streams are the log's or the test's.
    int isStream = !strncmp(path, "/dev/std", 8);
    if (S_ISDIR(info.st_mode)) say(name, "%s", entries(path));
    else say(name, "%s", isStream ? "not asked" : content(path));
    snprintf(name, sizeof name, "write %s", path);
    if (S_ISDIR(info.st_mode)) {
        say(name, "%s", outcome(faccessat(AT_FDCWD, path, W_OK, AT_EACCESS)));
    } else {
        int file = open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
        say(name, "%s", outcome(file));
        if (file >= 0) close(file);
    }
}

static int isVolatile(const char *path, const char *name) {
    if (!strcmp(path, "/proc"))
        return (name[0] >= '0' && name[0] <= '9') || !strcmp(name, "self") || !strcmp(name, "thread-self")
            || !strcmp(name, "net") || !strcmp(name, "mounts");
    // Interfaces and file systems of other containers come and go.
    if (strstr(path, "/net/ipv") && (strstr(path, "/conf") || strstr(path, "/neigh")))
        return strcmp(name, "all") && strcmp(name, "default") && strcmp(name, "lo") && !strstr(path, "/all")
            && !strstr(path, "/default") && !strstr(path, "/lo");
    return (!strcmp(path, "/sys/fs") && !strcmp(name, "cgroup"))
        || (!strcmp(path, "/sys") && (!strcmp(name, "block") || !strcmp(name, "module")));
}

// A walk: what each entry is and what access(2) would allow, without opening a file.
static void walk(const char *path, int depth) {
    DIR *directory = opendir(path);
    struct dirent *entry;
    while (directory && (entry = readdir(directory))) {
        if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..") || isVolatile(path, entry->d_name)) continue;
        char child[1024], name[1100];
        snprintf(child, sizeof child, "%s/%s", path, entry->d_name);
        struct stat info;
        if (lstat(child, &info)) continue;
        int mayRead = !faccessat(AT_FDCWD, child, R_OK, AT_EACCESS);
        int mayWrite = !faccessat(AT_FDCWD, child, W_OK, AT_EACCESS);
        snprintf(name, sizeof name, "walk %s", child);
        say(name, "%s %s%s", kind(info.st_mode), mayRead ? "r" : "-", mayWrite ? "w" : "-");
        if (S_ISDIR(info.st_mode) && depth > 1) walk(child, depth - 1);
    }
    if (directory) closedir(directory);
}

int main(void) {
    for (unsigned i = 0; i < sizeof paths / sizeof *paths; i++) look(paths[i]);
    walk("/proc", 8);
    walk("/sys", 2);
    walk("/dev", 2);
    return 0;
}
