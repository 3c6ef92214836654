/// A system call that a program may use, in all cases or in some.
public struct CallRule: Hashable, Sendable {
    /// What an argument, counted from 0, must be.
    public enum Condition: Hashable, Sendable {
        /// None of these bits are set.
        case without(argument: UInt32, bits: UInt64)
        /// Of the bits of a mask these are set and no others.
        case masked(argument: UInt32, mask: UInt64, value: UInt64)
    }

    /// Its name as libseccomp knows it; one that it does not know is left out.
    public let name: String
    /// All must hold.
    public let conditions: [Condition]

    /// A call, and when it may be used.
    public init(_ name: String, _ conditions: Condition...) {
        self.name = name
        self.conditions = conditions
    }
}

extension CallRule {
    static func all(_ names: String...) -> [CallRule] { names.map { CallRule($0) } }

    /// PROT_EXEC of mmap(2).
    private static let executable: UInt64 = 4

    /// What every program of the C library and Swift's runtime needs: memory that holds no code, the clocks, its end.
    static let living =
        all(
            "brk", "munmap", "mremap", "madvise", "futex", "exit", "exit_group", "rt_sigreturn", "rt_sigaction",
            "rt_sigprocmask", "sigaltstack", "restart_syscall", "clock_gettime", "gettimeofday", "getrandom", "getpid",
            "gettid", "tgkill", "sched_yield", "sched_getaffinity", "sysinfo", "uname", "nanosleep", "clock_nanosleep")
        + ["mmap", "mprotect", "pkey_mprotect"].map {
            CallRule($0, .without(argument: 2, bits: executable))
        }

    /// Descriptors that are open.
    static let descriptors = all(
        "read", "write", "readv", "writev", "pread64", "pwrite64", "close", "fstat", "newfstatat", "statx", "lseek",
        "fcntl", "dup", "poll", "ppoll")

    /// Looking at files.
    static let reading = all("openat", "openat2", "getdents64", "readlinkat", "flistxattr", "fgetxattr", "fadvise64")

    /// Making, changing and removing them.
    static let writing = all(
        "mkdirat", "mknodat", "symlinkat", "linkat", "unlinkat", "renameat", "renameat2", "fchown", "fchownat",
        "fchmod",
        "fchmodat", "fsetxattr", "utimensat", "ftruncate", "fallocate", "fsync", "fdatasync", "syncfs")

    /// Talking through sockets that are open, and pairs of new ones; none that reaches anybody else can be made.
    static let talking = all(
        "sendmsg", "recvmsg", "sendto", "recvfrom", "shutdown", "getsockopt", "setsockopt", "getpeername",
        "getsockname",
        "socketpair")

    /// Starting threads.
    ///
    /// A filter cannot see what clone3(2) asks for, so that is not there, and the C library takes clone(2): with CLONE_THREAD and
    /// none of the flags that make namespaces.
    static let threads =
        all("set_robust_list", "get_robust_list", "rseq", "prctl", "membarrier")
        + [CallRule("clone", .masked(argument: 0, mask: 0x7E03_0000, value: 0x1_0000))]
}
