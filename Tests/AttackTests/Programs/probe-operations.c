// What a process of the container may do to the kernel and to its surroundings. Each probe runs in a process of its own and is
// harmless where it is allowed: it asks for what is so already, for what is not there, or within its own namespaces.
#include "probe.h"
#include <linux/bpf.h>
#include <linux/fs.h>
#include <linux/perf_event.h>
#include <linux/reboot.h>
#include <sys/fanotify.h>
#include <sys/fsuid.h>
#include <sys/klog.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/quota.h>
#include <sys/resource.h>
#include <sys/swap.h>
#include <sys/time.h>
#include <sys/timex.h>
#include <sys/uio.h>
#include <sys/xattr.h>
#include <sys/io.h>
#include <sys/acct.h>
#include <grp.h>
#include <time.h>

#define P(name, ...) static long name(void) { __VA_ARGS__ }

// Namespaces.
P(unshareUser, return unshare(CLONE_NEWUSER);)
P(unshareMount, return unshare(CLONE_NEWNS);)
P(unshareUTS, return unshare(CLONE_NEWUTS);)
P(unshareIPC, return unshare(CLONE_NEWIPC);)
P(unsharePID, return unshare(CLONE_NEWPID);)
P(unshareNetwork, return unshare(CLONE_NEWNET);)
P(unshareCgroup, return unshare(CLONE_NEWCGROUP);)
P(unshareTime, return unshare(0x80);)
P(unshareFiles, return unshare(CLONE_FILES | CLONE_FS | CLONE_SYSVSEM);)
static long cloned(unsigned long flags) {
    long child = syscall(SYS_clone, flags | SIGCHLD, 0, 0, 0, 0);
    if (child == 0) _exit(0);
    return child;
}
P(cloneUser, return cloned(CLONE_NEWUSER);)
P(cloneMount, return cloned(CLONE_NEWNS);)
P(clonePID, return cloned(CLONE_NEWPID);)
P(cloneNetwork, return cloned(CLONE_NEWNET);)
P(clonePlain, return cloned(0);)
P(clone3, return syscall(SYS_clone3, 0, 0);)
static long entered(const char *path) {
    int file = open(path, O_RDONLY | O_CLOEXEC);
    return file < 0 ? -1 : setns(file, 0);
}
P(enterMount, return entered("/proc/self/ns/mnt");)
P(enterUTS, return entered("/proc/self/ns/uts");)
P(enterNetwork, return entered("/proc/self/ns/net");)
P(enterFirst, return entered("/proc/1/ns/net");)
P(enterUser, return entered("/proc/self/ns/user");)
P(enterProcess, int f = syscall(SYS_pidfd_open, getpid(), 0); return f < 0 ? -1 : setns(f, CLONE_NEWUTS);)
P(parentNamespace, int f = open("/proc/self/ns/pid", O_RDONLY); return f < 0 ? -1 : ioctl(f, 0xb702);)
P(ownerNamespace, int f = open("/proc/self/ns/mnt", O_RDONLY); return f < 0 ? -1 : ioctl(f, 0xb701);)

// Mounts.
P(mountTmpfs, return mount("probe", "/tmp", "tmpfs", 0, "");)
P(mountProc, return mount("probe", "/tmp", "proc", 0, "");)
P(mountSysfs, return mount("probe", "/tmp", "sysfs", 0, "");)
P(mountDevpts, return mount("probe", "/tmp", "devpts", 0, "");)
P(mountDevtmpfs, return mount("probe", "/tmp", "devtmpfs", 0, "");)
P(mountMqueue, return mount("probe", "/tmp", "mqueue", 0, "");)
P(mountCgroup2, return mount("probe", "/tmp", "cgroup2", 0, "");)
P(mountCgroup, return mount("probe", "/tmp", "cgroup", 0, "memory");)
P(mountSecurity, return mount("probe", "/tmp", "securityfs", 0, "");)
P(mountDebug, return mount("probe", "/tmp", "debugfs", 0, "");)
P(mountTracing, return mount("probe", "/tmp", "tracefs", 0, "");)
P(mountBPF, return mount("probe", "/tmp", "bpf", 0, "");)
P(mountBinfmt, return mount("probe", "/tmp", "binfmt_misc", 0, "");)
P(mountOverlay, return mount("probe", "/tmp", "overlay", 0, "lowerdir=/bin:/etc");)
P(mountExt4, return mount("/dev/nowhere", "/tmp", "ext4", 0, "");)
P(mountBind, return mount("/bin", "/tmp", 0, MS_BIND, 0);)
P(mountMove, return mount("/dev/shm", "/tmp", 0, MS_MOVE, 0);)
P(rootReadOnly, return mount(0, "/", 0, MS_REMOUNT | MS_BIND | MS_RDONLY, 0);)
P(sysWritable, return mount(0, "/sys", 0, MS_REMOUNT | MS_BIND, 0);)
P(procSysWritable, return mount(0, "/proc/sys", 0, MS_REMOUNT | MS_BIND, 0);)
P(cgroupWritable, return mount(0, "/sys/fs/cgroup", 0, MS_REMOUNT | MS_BIND, 0);)
P(rootShared, return mount(0, "/", 0, MS_SHARED | MS_REC, 0);)
P(unmountProcSys, return umount2("/proc/sys", MNT_DETACH);)
P(unmountKeys, return umount2("/proc/keys", MNT_DETACH);)
P(unmountFirmware, return umount2("/sys/firmware", MNT_DETACH);)
P(unmountHosts, return umount2("/etc/hosts", MNT_DETACH);)
P(unmountShm, return umount2("/dev/shm", MNT_DETACH);)
P(unmountNothing, return umount2("/nowhere", 0);)
P(pivot, return syscall(SYS_pivot_root, "/tmp", "/tmp");)
P(changeRoot, return chroot("/tmp");)
P(chrootEscape, if (chroot("/tmp")) return -1; for (int i = 0; i < 64; i++) if (chdir("..")) return -1;
    return chroot(".") ? -1 : access("/attack", F_OK);)
P(openTree, return syscall(SYS_open_tree, AT_FDCWD, "/bin", 0);)
P(openTreeClone, return syscall(SYS_open_tree, AT_FDCWD, "/bin", 1);)
P(fileSystemOpen, return syscall(SYS_fsopen, "tmpfs", 0);)
P(fileSystemPick, return syscall(SYS_fspick, AT_FDCWD, "/tmp", 0);)
P(moveMount, return syscall(SYS_move_mount, -1, "", -1, "", 0);)
P(mountAttributes, uint64_t a[4] = {0}; return syscall(SYS_mount_setattr, AT_FDCWD, "/dev/shm", 0, a, sizeof a);)
P(mountStatus, return syscall(457, 0, 0, 0, 0);)
P(mountList, return syscall(458, 0, 0, 0, 0);)

// Other processes.
P(traceMe, return ptrace(PTRACE_TRACEME, 0, 0, 0);)
P(traceFirst, return ptrace(PTRACE_SEIZE, 1, 0, 0);)
static pid_t sleeper(void) {
    pid_t child = fork();
    if (child == 0) { prctl(PR_SET_PDEATHSIG, SIGKILL); pause(); _exit(0); }
    return child;
}
static long ended(pid_t child, long result) {
    int code = errno;
    kill(child, SIGKILL);
    errno = code;
    return result;
}
P(traceChild, pid_t c = sleeper(); return ended(c, ptrace(PTRACE_SEIZE, c, 0, 0));)
P(readChild, pid_t c = sleeper(); char b; struct iovec v = {&b, 1}; struct iovec w = {(void *)traceMe, 1};
    return ended(c, process_vm_readv(c, &v, 1, &w, 1, 0));)
P(writeChild, pid_t c = sleeper(); static char b; struct iovec v = {&b, 1};
    return ended(c, process_vm_writev(c, &v, 1, &v, 1, 0));)
P(readFirst, char b; struct iovec v = {&b, 1}; return process_vm_readv(1, &v, 1, &v, 1, 0);)
P(compareProcesses, return syscall(SYS_kcmp, getpid(), getpid(), 0, 0, 1);)
P(takeDescriptor, pid_t c = sleeper(); int p = syscall(SYS_pidfd_open, c, 0);
    return ended(c, p < 0 ? -1 : syscall(SYS_pidfd_getfd, p, 1, 0));)
P(advise, int p = syscall(SYS_pidfd_open, getpid(), 0); struct iovec v = {0, 0};
    return p < 0 ? -1 : syscall(SYS_process_madvise, p, &v, 1, 4, 0);)
P(release, return syscall(SYS_process_mrelease, -1, 0);)
P(signalFirst, return kill(1, 0);)
P(movePages, return syscall(SYS_move_pages, 0, 0, 0, 0, 0, 0);)
P(writeSeccomp, return syscall(SYS_seccomp, 2, 0, &(uint32_t){0x7fc00000});)
P(stackOfFirst, return open("/proc/1/stack", O_RDONLY);)
P(memoryOfSelf, return open("/proc/self/mem", O_RDWR);)

// The kernel.
P(loadModule, return syscall(SYS_init_module, "", 0, "");)
P(loadModuleFile, return syscall(SYS_finit_module, -1, "", 0);)
P(removeModule, return syscall(SYS_delete_module, "probe_nowhere", O_NONBLOCK);)
P(loadKernel, return syscall(SYS_kexec_load, 0, 0, 0, 0);)
P(loadKernelFile, return syscall(SYS_kexec_file_load, -1, -1, 0, "", 0);)
P(rebooted, return syscall(SYS_reboot, 1, 2, 3, 0);)
P(swapOn, return swapon("/nowhere", 0);)
P(swapOff, return swapoff("/nowhere");)
P(accounting, return acct("/nowhere");)
P(logSize, return klogctl(10, 0, 0);)
P(logRead, char b[8]; return klogctl(3, b, sizeof b);)
P(quota, return quotactl(QCMD(Q_SYNC, USRQUOTA), "/dev/nowhere", 0, 0);)
P(quotaFile, return syscall(SYS_quotactl_fd, -1, 0, 0, 0);)
P(ports, return ioperm(0x80, 1, 1);)
P(portLevel, return iopl(3);)
P(setTime, return syscall(SYS_settimeofday, 0, 0);)
P(clockSet, struct timespec t = {0, 2000000000}; return clock_settime(CLOCK_REALTIME, &t);)
P(clockTune, struct timex t = {0}; return adjtimex(&t);)
P(clockShift, struct timex t = {.modes = ADJ_TICK}; return adjtimex(&t);)
P(hostName, char n[65]; return gethostname(n, 65) ? -1 : sethostname(n, strlen(n));)
P(domainName, char n[65]; return getdomainname(n, 65) ? -1 : setdomainname(n, strlen(n));)
P(bpfMap, union bpf_attr a = {.map_type = BPF_MAP_TYPE_ARRAY, .key_size = 4, .value_size = 4, .max_entries = 1};
    return syscall(SYS_bpf, BPF_MAP_CREATE, &a, sizeof a);)
P(bpfProgram, struct bpf_insn c[] = {{0xb7, 0, 0, 0, 0}, {0x95, 0, 0, 0, 0}};
    union bpf_attr a = {.prog_type = BPF_PROG_TYPE_SOCKET_FILTER, .insn_cnt = 2, .insns = (uintptr_t)c, .license = (uintptr_t)"GPL"};
    return syscall(SYS_bpf, BPF_PROG_LOAD, &a, sizeof a);)
P(bpfNext, union bpf_attr a = {0}; return syscall(SYS_bpf, BPF_PROG_GET_NEXT_ID, &a, sizeof a);)
P(perf, struct perf_event_attr a = {.type = PERF_TYPE_SOFTWARE, .size = sizeof a, .config = PERF_COUNT_SW_TASK_CLOCK,
    .exclude_kernel = 1}; return syscall(SYS_perf_event_open, &a, 0, -1, -1, 0);)
P(perfKernel, struct perf_event_attr a = {.type = PERF_TYPE_SOFTWARE, .size = sizeof a, .config = PERF_COUNT_SW_CPU_CLOCK};
    return syscall(SYS_perf_event_open, &a, -1, 0, -1, 0);)
P(userFaults, return syscall(SYS_userfaultfd, O_CLOEXEC);)
P(userFaultsOfUser, return syscall(SYS_userfaultfd, O_CLOEXEC | 1);)
P(ring, char p[120] = {0}; return syscall(SYS_io_uring_setup, 1, p);)
P(ringEnter, return syscall(SYS_io_uring_enter, -1, 0, 0, 0, 0, 0);)
P(asynchronous, unsigned long c = 0; return syscall(SYS_io_setup, 1, &c);)
P(cookie, char b[8]; return syscall(SYS_lookup_dcookie, 1, b, 8);)
P(memoryPolicy, return syscall(SYS_set_mempolicy, 0, 0, 0);)
P(memoryBind, return syscall(SYS_mbind, 0, 0, 0, 0, 0, 0);)
P(descriptorTable, char b[16] = {0}; return syscall(SYS_modify_ldt, 0, b, 16);)
P(oldLibrary, return syscall(SYS_uselib, "/nowhere");)
P(oldStatus, char b[64]; return syscall(SYS_ustat, 0, b);)
P(oldTypes, return syscall(SYS_sysfs, 3);)
P(oldSysctl, return syscall(SYS__sysctl, 0);)
P(linux32, return personality(PER_LINUX32) < 0 ? -1 : 0;)
P(noRandom, return personality(ADDR_NO_RANDOMIZE) < 0 ? -1 : 0;)
P(oldLayout, return personality(ADDR_COMPAT_LAYOUT) < 0 ? -1 : 0;)
P(landlock, return syscall(SYS_landlock_create_ruleset, 0, 0, 1);)
P(secretMemory, return syscall(SYS_memfd_secret, 0);)
P(memoryFile, return syscall(SYS_memfd_create, "probe", 0);)
P(hugeFile, return syscall(SYS_memfd_create, "probe", MFD_HUGETLB);)
P(filesCache, return syscall(451, -1, 0, 0, 0);)
P(securityModules, uint32_t s = 0; return syscall(461, 0, &s, 0);)

// Keys.
P(keySession, return syscall(SYS_keyctl, 0, -3, 0);)
P(keyJoin, return syscall(SYS_keyctl, 1, 0);)
P(keyUser, return syscall(SYS_keyctl, 0, -4, 0);)
P(keyCapabilities, char b[8]; return syscall(SYS_keyctl, 31, b, 8);)
P(keyAdd, return syscall(SYS_add_key, "user", "probe", "x", 1, -2);)
P(keyRequest, return syscall(SYS_request_key, "user", "probe-nowhere", 0, -2);)

// Rights.
P(userRoot, return setresuid(0, 0, 0);)
P(userOther, return setresuid(1234, 1234, 1234);)
P(groupOther, return setresgid(1234, 1234, 1234);)
P(groupList, gid_t g = 0; return setgroups(1, &g);)
P(fileUser, setfsuid(4321); return setfsuid(-1) == 4321 ? 0 : (errno = EPERM, -1);)
P(dropBounding, return prctl(PR_CAPBSET_DROP, 0, 0, 0, 0);)
P(ambient, return prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, 10, 0, 0);)
P(keepRights, return prctl(PR_SET_SECUREBITS, 0, 0, 0, 0);)
P(memoryMap, return prctl(PR_SET_MM, PR_SET_MM_BRK, 0, 0, 0);)
P(nicer, return setpriority(PRIO_PROCESS, 0, -5);)
P(realTime, struct sched_param p = {1}; return sched_setscheduler(0, SCHED_RR, &p);)
P(ioRealTime, return syscall(SYS_ioprio_set, 1, 0, 1 << 13);)
P(lockMemory, static char b[1 << 16]; return mlock(b, sizeof b);)
P(lockAll, return mlockall(MCL_FUTURE);)
P(raiseLimit, struct rlimit l; getrlimit(RLIMIT_NOFILE, &l); l.rlim_max++; return setrlimit(RLIMIT_NOFILE, &l);)
P(lessOOM, int f = open("/proc/self/oom_score_adj", O_WRONLY); return f < 0 ? -1 : write(f, "-1", 2);)

// Files.
static const char *file(void) {
    static char path[64];
    snprintf(path, sizeof path, "/tmp/probe-%d", getpid());
    int made = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (made >= 0) close(made);
    return path;
}
P(makeFile, return open(file(), O_RDWR);)
P(ownerChange, return chown(file(), 1, 1);)
P(setuidMode, return chmod(file(), 04755);)
P(trusted, return setxattr(file(), "trusted.probe", "x", 1, 0);)
P(rightsOnFile, uint32_t c[5] = {0x02000001, 1, 0, 0, 0}; return setxattr(file(), "security.capability", c, 20, 0);)
P(userAttribute, return setxattr(file(), "user.probe", "x", 1, 0);)
P(immutable, int f = open(file(), O_RDONLY); int flags = 0x10; return ioctl(f, FS_IOC_SETFLAGS, &flags);)
P(handle, char b[256] = {0}; *(uint32_t *)b = 128; int m; return syscall(SYS_name_to_handle_at, AT_FDCWD, "/bin", b, &m, 0);)
P(byHandle, char b[256] = {0}; *(uint32_t *)b = 128; int m; if (syscall(SYS_name_to_handle_at, AT_FDCWD, "/bin", b, &m, 0)) return -1;
    return syscall(SYS_open_by_handle_at, AT_FDCWD, b, O_RDONLY);)
P(byGuessedHandle, struct { uint32_t size; int type; uint32_t n[2]; } h = {8, 1, {2, 0}};
    int f = open("/etc/hosts", O_RDONLY); return f < 0 ? -1 : syscall(SYS_open_by_handle_at, f, &h, O_RDONLY);)
P(watchAll, return fanotify_init(FAN_CLASS_CONTENT, O_RDONLY);)
P(watchOwn, return fanotify_init(FAN_CLASS_NOTIF | FAN_REPORT_FID, O_RDONLY);)
P(freeze, int f = open("/tmp", O_RDONLY); return f < 0 ? -1 : ioctl(f, FITHAW, 0);)
P(rootFile, return open("/probe-file", O_RDWR | O_CREAT, 0600);)
P(etcHosts, return open("/etc/hosts", O_RDWR);)
P(etcResolv, return open("/etc/resolv.conf", O_RDWR | O_APPEND);)
P(etcHostname, return open("/etc/hostname", O_RDWR);)
P(shmFile, return open("/dev/shm/probe", O_RDWR | O_CREAT, 0600) < 0 ? -1 : unlink("/dev/shm/probe");)
P(devFile, return open("/dev/probe", O_RDWR | O_CREAT, 0600);)
P(makeCgroup, return mkdir("/sys/fs/cgroup/memory/probe", 0700) ? -1 : rmdir("/sys/fs/cgroup/memory/probe");)
P(makeCgroupRoot, return mkdir("/sys/fs/cgroup/probe", 0700) ? -1 : rmdir("/sys/fs/cgroup/probe");)
P(joinCgroup, int f = open("/sys/fs/cgroup/memory/cgroup.procs", O_WRONLY); return f < 0 ? -1 : write(f, "0", 1);)
P(makeProc, return mkdir("/proc/probe", 0700);)
P(makeSys, return mkdir("/sys/probe", 0700);)
P(queue, return syscall(SYS_mq_open, "probe", O_RDWR | O_CREAT, 0600, 0) < 0 ? -1 : syscall(SYS_mq_unlink, "probe");)

static const struct { const char *name; long (*probe)(void); } probes[] = {
#define R(name) {#name, name}
    R(unshareUser), R(unshareMount), R(unshareUTS), R(unshareIPC), R(unsharePID), R(unshareNetwork), R(unshareCgroup),
    R(unshareTime), R(unshareFiles), R(cloneUser), R(cloneMount), R(clonePID), R(cloneNetwork), R(clonePlain), R(clone3),
    R(enterMount), R(enterUTS), R(enterNetwork), R(enterFirst), R(enterUser), R(enterProcess), R(parentNamespace),
    R(ownerNamespace), R(mountTmpfs), R(mountProc), R(mountSysfs), R(mountDevpts), R(mountDevtmpfs), R(mountMqueue),
    R(mountCgroup2), R(mountCgroup), R(mountSecurity), R(mountDebug), R(mountTracing), R(mountBPF), R(mountBinfmt),
    R(mountOverlay), R(mountExt4), R(mountBind), R(mountMove), R(rootReadOnly), R(sysWritable), R(procSysWritable),
    R(cgroupWritable), R(rootShared), R(unmountProcSys), R(unmountKeys), R(unmountFirmware), R(unmountHosts),
    R(unmountShm), R(unmountNothing), R(pivot), R(changeRoot), R(chrootEscape), R(openTree), R(openTreeClone),
    R(fileSystemOpen), R(fileSystemPick), R(moveMount), R(mountAttributes), R(mountStatus), R(mountList), R(traceMe),
    R(traceFirst), R(traceChild), R(readChild), R(writeChild), R(readFirst), R(compareProcesses), R(takeDescriptor),
    R(advise), R(release), R(signalFirst), R(movePages), R(writeSeccomp), R(stackOfFirst), R(memoryOfSelf), R(loadModule),
    R(loadModuleFile), R(removeModule), R(loadKernel), R(loadKernelFile), R(rebooted), R(swapOn), R(swapOff),
    R(accounting), R(logSize), R(logRead), R(quota), R(quotaFile), R(ports), R(portLevel), R(setTime), R(clockSet),
    R(clockTune), R(clockShift), R(hostName), R(domainName), R(bpfMap), R(bpfProgram), R(bpfNext), R(perf), R(perfKernel),
    R(userFaults), R(userFaultsOfUser), R(ring), R(ringEnter), R(asynchronous), R(cookie), R(memoryPolicy), R(memoryBind),
    R(descriptorTable), R(oldLibrary), R(oldStatus), R(oldTypes), R(oldSysctl), R(linux32), R(noRandom), R(oldLayout),
    R(landlock), R(secretMemory), R(memoryFile), R(hugeFile), R(filesCache), R(securityModules), R(keySession),
    R(keyJoin), R(keyUser), R(keyCapabilities), R(keyAdd), R(keyRequest), R(userRoot), R(userOther), R(groupOther),
    R(groupList), R(fileUser), R(dropBounding), R(ambient), R(keepRights), R(memoryMap), R(nicer), R(realTime),
    R(ioRealTime), R(lockMemory), R(lockAll), R(raiseLimit), R(lessOOM), R(makeFile), R(ownerChange), R(setuidMode),
    R(trusted), R(rightsOnFile), R(userAttribute), R(immutable), R(handle), R(byHandle), R(byGuessedHandle), R(watchAll),
    R(watchOwn), R(freeze), R(rootFile), R(etcHosts), R(etcResolv), R(etcHostname), R(shmFile), R(devFile),
    R(makeCgroup), R(makeCgroupRoot), R(joinCgroup), R(makeProc), R(makeSys), R(queue),
};

int main(void) {
    for (unsigned i = 0; i < sizeof probes / sizeof *probes; i++) alone(probes[i].name, probes[i].probe);
    return 0;
}
