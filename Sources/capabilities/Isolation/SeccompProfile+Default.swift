extension SeccompProfile {
    /// The filter that containers get unless they ask for another: what Docker's own default profile allows, by an
    /// allow list; everything else fails with EPERM, so that programs go on without it.
    public static let standard = SeccompProfile(
        defaultAction: .error(1), rules: allowed + byArgument + byArchitecture + byCapability,
        architectures: SeccompArchitecture.ordinary)

    /// Calls that are allowed whatever their arguments.
    private static let allowed = [
        files, attributes, memory, processes, signals, scheduling, identities, time, networking, interprocess, events,
    ].map { Rule(names: words($0), action: .allow) }

    private static let files = """
        access chdir chmod chown chown32 close close_range copy_file_range creat dup dup2 dup3 faccessat faccessat2
        fadvise64 fadvise64_64 fallocate fanotify_mark fchdir fchmod fchmodat fchmodat2 fchown fchown32 fchownat fcntl
        fcntl64 fdatasync flock fstat fstat64 fstatat64 fstatfs fstatfs64 fsync ftruncate ftruncate64 futimesat
        getcwd getdents getdents64 ioctl lchown lchown32 link linkat listmount _llseek lseek lstat lstat64 mkdir mkdirat
        mknod mknodat name_to_handle_at newfstatat open openat openat2 pread64 preadv preadv2 pwrite64 pwritev
        pwritev2 read readahead readlink readlinkat readv rename renameat renameat2 rmdir sendfile sendfile64 splice
        stat stat64 statfs statfs64 statmount statx symlink symlinkat sync sync_file_range syncfs tee truncate truncate64
        umask unlink unlinkat utime utimensat utimensat_time64 utimes vmsplice write writev cachestat
        """

    private static let attributes = """
        fgetxattr flistxattr fremovexattr fsetxattr getxattr getxattrat lgetxattr listxattr listxattrat llistxattr
        lremovexattr lsetxattr removexattr removexattrat setxattr setxattrat
        """

    private static let memory = """
        brk madvise map_shadow_stack membarrier memfd_create memfd_secret mincore mlock mlock2 mlockall mmap mmap2 mprotect
        mremap mseal msync munlock munlockall munmap pkey_alloc pkey_free pkey_mprotect process_mrelease
        remap_file_pages
        """

    private static let processes = """
        capget capset execve execveat exit exit_group fork get_robust_list get_thread_area getpgid getpgrp getpid
        getppid getrlimit getrusage getsid gettid kill landlock_add_rule landlock_create_ruleset landlock_restrict_self
        pidfd_open pidfd_send_signal prctl prlimit64 rseq seccomp set_robust_list set_thread_area set_tid_address
        setpgid setrlimit setsid sysinfo tgkill tkill ugetrlimit uname uretprobe vfork wait4 waitid waitpid
        """

    private static let signals = """
        pause restart_syscall rt_sigaction rt_sigpending rt_sigprocmask rt_sigqueueinfo rt_sigreturn rt_sigsuspend
        rt_sigtimedwait rt_sigtimedwait_time64 rt_tgsigqueueinfo sigaltstack signalfd signalfd4 sigprocmask sigreturn
        """

    private static let scheduling = """
        getcpu getpriority ioprio_get ioprio_set sched_get_priority_max sched_get_priority_min sched_getaffinity
        sched_getattr sched_getparam sched_getscheduler sched_rr_get_interval sched_rr_get_interval_time64
        sched_setaffinity sched_setattr sched_setparam sched_setscheduler sched_yield setpriority
        """

    private static let identities = """
        getegid getegid32 geteuid geteuid32 getgid getgid32 getgroups getgroups32 getresgid getresgid32 getresuid
        getresuid32 getuid getuid32 setfsgid setfsgid32 setfsuid setfsuid32 setgid setgid32 setgroups setgroups32
        setregid setregid32 setresgid setresgid32 setresuid setresuid32 setreuid setreuid32 setuid setuid32
        """

    private static let time = """
        adjtimex alarm clock_adjtime clock_adjtime64 clock_getres clock_getres_time64 clock_gettime clock_gettime64
        clock_nanosleep clock_nanosleep_time64 getitimer gettimeofday nanosleep setitimer time timer_create
        timer_delete timer_getoverrun timer_gettime timer_gettime64 timer_settime timer_settime64 timerfd_create
        timerfd_gettime timerfd_gettime64 timerfd_settime timerfd_settime64 times
        """

    private static let networking = """
        accept accept4 bind connect getpeername getsockname getsockopt listen recv recvfrom recvmmsg recvmmsg_time64
        recvmsg send sendmmsg sendmsg sendto setsockopt shutdown socketcall socketpair
        """

    private static let interprocess = """
        ipc mq_getsetattr mq_notify mq_open mq_timedreceive mq_timedreceive_time64 mq_timedsend mq_timedsend_time64
        mq_unlink msgctl msgget msgrcv msgsnd pipe pipe2 semctl semget semop semtimedop semtimedop_time64 shmat shmctl
        shmdt shmget
        """

    private static let events = """
        epoll_create epoll_create1 epoll_ctl epoll_ctl_old epoll_pwait epoll_pwait2 epoll_wait epoll_wait_old eventfd
        eventfd2 futex futex_requeue futex_time64 futex_wait futex_waitv futex_wake getrandom inotify_add_watch
        inotify_init inotify_init1 inotify_rm_watch io_cancel io_destroy io_getevents io_pgetevents
        io_pgetevents_time64 io_setup io_submit _newselect poll ppoll ppoll_time64 pselect6 pselect6_time64 select
        """

    /// CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID and NEWNET together.
    private static let newNamespaces: UInt64 = 0x7E02_0000

    /// Calls whose arguments decide. Sockets of virtual machines (AF_VSOCK, 40) could reach the host's, and those of the kernel's
    /// ciphers (AF_ALG, 38) are a way into code that no container needs; the personalities are Linux, with or without a short
    /// address space, and the question for the present one.
    private static let byArgument: [Rule] =
        [(38, Comparison.less), (39, .equal), (40, .greater)].map { (family: UInt64, comparison) in
            Rule(
                names: ["socket"], action: .allow,
                arguments: [Argument(index: 0, value: family, comparison: comparison)])
        } + [
            Rule(
                names: ["clone"], action: .allow,
                arguments: [Argument(index: 0, value: newNamespaces, second: 0, comparison: .maskedEqual)],
                excludes: Condition(capabilities: ["CAP_SYS_ADMIN"])),
            // Its flags are behind a pointer. ENOSYS makes C libraries fall back to clone.
            Rule(names: ["clone3"], action: .error(38), excludes: Condition(capabilities: ["CAP_SYS_ADMIN"])),
            Rule(
                names: words("process_vm_readv process_vm_writev ptrace"), action: .allow,
                includes: Condition(minimumKernel: "4.8")),
        ]
        + [0, 0x8, 0x20000, 0x20008, 0xFFFF_FFFF].map { (persona: UInt64) in
            Rule(
                names: ["personality"], action: .allow,
                arguments: [Argument(index: 0, value: persona, comparison: .equal)])
        }

    private static let byArchitecture = [
        Rule(
            names: words("arm_fadvise64_64 arm_sync_file_range breakpoint cacheflush set_tls sync_file_range2"),
            action: .allow, includes: Condition(architectures: ["arm", "arm64"])),
        Rule(names: ["arch_prctl"], action: .allow, includes: Condition(architectures: ["amd64", "x32"])),
        Rule(names: ["modify_ldt"], action: .allow, includes: Condition(architectures: ["amd64", "x32", "x86"])),
    ]

    /// Calls that come with a capability.
    private static let byCapability = [
        ("CAP_DAC_READ_SEARCH", "open_by_handle_at"),
        (
            "CAP_SYS_ADMIN",
            """
            bpf clone clone3 fanotify_init fsconfig fsmount fsopen fspick lookup_dcookie lsm_get_self_attr
            lsm_list_modules lsm_set_self_attr mount mount_setattr move_mount open_tree perf_event_open quotactl
            quotactl_fd setdomainname sethostname setns syslog umount umount2 unshare
            """
        ),
        ("CAP_SYS_BOOT", "reboot"),
        ("CAP_SYS_CHROOT", "chroot"),
        ("CAP_SYS_MODULE", "delete_module finit_module init_module"),
        ("CAP_SYS_PACCT", "acct"),
        ("CAP_SYS_PTRACE", "kcmp pidfd_getfd process_madvise process_vm_readv process_vm_writev ptrace"),
        ("CAP_SYS_RAWIO", "ioperm iopl"),
        ("CAP_SYS_TIME", "clock_settime clock_settime64 settimeofday stime"),
        ("CAP_SYS_TTY_CONFIG", "vhangup"),
        ("CAP_SYS_NICE", "get_mempolicy mbind set_mempolicy set_mempolicy_home_node"),
        ("CAP_SYSLOG", "syslog"),
        ("CAP_BPF", "bpf"),
        ("CAP_PERFMON", "perf_event_open"),
    ].map {
        Rule(names: words($0.1), action: .allow, includes: Condition(capabilities: [$0.0]))
    }

    private static func words(_ text: String) -> [String] {
        text.words.map(String.init)
    }
}
