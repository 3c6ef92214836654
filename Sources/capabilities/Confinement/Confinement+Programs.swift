internal import Linux

// Who has which rights. The same table, with the reasons, is in docs/isolation.md; tests hold both against live processes.
extension Confinement {
    /// Memory of a program that reads what strangers wrote, in bytes.
    static let memoryBound: UInt64 = 4 << 30
    private static let stack: UInt64 = 8 << 20
    private static let openFiles: UInt64 = 1024

    private static func shortLived(_ capabilities: Set<Capability>, _ calls: [CallRule]) -> Confinement {
        var rights = Confinement(capabilities: capabilities, calls: .only(calls))
        rights.network = .none
        rights.hasOwnSession = true
        rights.limits = [
            .coreBytes: 0, .stackBytes: stack, .memoryBytes: memoryBound, .openFiles: openFiles,
        ]
        return rights
    }

    /// sereno-archive where it makes files: `fileBytes` is the largest that it may make.
    public static func archiveWriter(fileBytes: UInt64) -> Confinement {
        var rights = shortLived(
            [.chown, .dacOverride, .fowner, .fsetid, .mknod, .setfcap],
            CallRule.living + CallRule.descriptors + CallRule.reading + CallRule.writing + CallRule.broker)
        rights.limits[.fileBytes] = fileBytes
        return rights
    }

    /// sereno-archive where it only reads files.
    public static let archiveReader = shortLived(
        [.dacOverride], CallRule.living + CallRule.descriptors + CallRule.reading + CallRule.broker)

    /// The process beside sereno-archive that reads and sets one attribute of directories that it is handed: CAP_SYS_ADMIN is
    /// what the kernel asks for, and the filter leaves nothing else to use it for.
    public static let opaqueMarks: Confinement = {
        var rights = shortLived(
            [.sysAdmin],
            CallRule.living + CallRule.all("close", "sendto", "recvmsg", "fgetxattr", "fsetxattr", "write"))
        rights.limits[.fileBytes] = 0
        return rights
    }()

    /// sereno-tls as the supervisor runs it, after it has read its keys: the sockets that it holds, and threads.
    public static let tlsListener: Confinement = {
        var rights = tlsClient
        rights.network = .none
        rights.user = .nobody
        rights.hasOwnSession = true
        rights.limits = [.coreBytes: 0]
        return rights
    }()

    /// sereno-tls as the command runs it, after it has read its keys and is connected.
    public static let tlsClient = Confinement(
        capabilities: [],
        calls: .only(
            CallRule.living + CallRule.descriptors + CallRule.talking + CallRule.threads
                + CallRule.all(
                    "accept", "accept4", "select", "pselect6", "epoll_create1", "epoll_ctl", "epoll_wait",
                    "epoll_pwait", "eventfd2", "timerfd_create", "timerfd_settime", "pipe2", "splice")))

    /// What open(2) makes or changes a file with.
    private static let writing = UInt64(OpenOptions([.writeOnly, .readWrite, .create, .truncate]).rawValue)
    /// AF_UNIX of socket(2).
    private static let unixFamily: UInt64 = 1

    /// sereno-systemd: it reads files and talks through Unix sockets.
    public static let systemd = Confinement(
        capabilities: [],
        calls: .only(
            CallRule.living + CallRule.descriptors + CallRule.talking + CallRule.threads
                + [
                    CallRule("openat", .without(argument: 2, bits: writing)),
                    CallRule("open", .without(argument: 1, bits: writing)),
                    CallRule("socket", .masked(argument: 0, mask: 0xFFFF_FFFF, value: unixFamily)),
                ]
                + CallRule.all(
                    "connect", "bind", "getdents64", "readlink", "readlinkat", "access", "faccessat", "faccessat2",
                    "stat",
                    "lstat", "statfs", "fstatfs", "getuid", "geteuid", "getgid", "getegid", "getgroups", "getppid",
                    "getresuid", "getresgid", "prlimit64", "getrlimit", "memfd_create", "ftruncate", "epoll_create1",
                    "epoll_ctl", "epoll_wait", "epoll_pwait", "timerfd_create", "timerfd_settime", "eventfd2", "ioctl",
                    "capget", "name_to_handle_at", "getsid", "getpgid", "pidfd_open", "signalfd4", "getxattr",
                    "lgetxattr", "getcpu")))

    /// The engine: what a supervisor of containers never does, so that whoever takes it over cannot do it with its help. Its
    /// capabilities stay, as mounting, limiting and killing need them and as what containers may be given is read from them.
    /// It is not hidden: the keeper takes over what it has mounted, also where it has no CAP_SYS_PTRACE.
    public static let engine: Confinement = {
        var rights = Confinement(capabilities: nil, calls: .allBut(neverSupervising))
        rights.isHidden = false
        return rights
    }()

    private static let neverSupervising = [
        "kexec_load", "kexec_file_load", "init_module", "finit_module", "delete_module", "create_module",
        "query_module", "get_kernel_syms", "reboot", "swapon", "swapoff", "iopl", "ioperm", "acct", "settimeofday",
        "stime", "clock_settime", "clock_settime64", "clock_adjtime", "adjtimex", "ptrace", "process_vm_readv",
        "process_vm_writev", "process_madvise", "kcmp", "lookup_dcookie", "open_by_handle_at", "userfaultfd",
        "perf_event_open", "nfsservctl", "vm86", "vm86old", "modify_ldt", "uselib", "vhangup", "sysfs", "_sysctl",
        "add_key", "request_key", "io_uring_setup", "io_uring_enter", "io_uring_register", "quotactl", "quotactl_fd",
        "fanotify_init", "personality", "remap_file_pages", "move_pages", "migrate_pages", "mbind",
    ]
}

extension CallRule {
    /// Handing a directory to the process beside it, and waiting for that process's end.
    static let broker = all("sendmsg", "recvfrom", "wait4")
}
