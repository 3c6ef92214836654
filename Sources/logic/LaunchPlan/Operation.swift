/// One thing the child does between clone and exec. A launch plan is a flat list of these, carried out in
/// order by the keeper's child; the first that fails ends the launch with the operation's index, its
/// object and errno, unless it is marked to warn only.
///
/// Paths are on the host until `pivotRoot`, and in the container after it. Bytes are kept as they are: a path or an
/// argument need not be UTF-8.
public enum Operation: Hashable, Sendable {
    /// Join a namespace: `descriptor` indexes the descriptors passed with the plan (setns(2), type 0).
    case enterNamespace(descriptor: Int)
    /// unshare(2) with CLONE_NEW* flags; the cgroup namespace is made here, after the cgroups were joined.
    case unshare(flags: UInt64)
    /// Write `data` to an existing file, e.g. `0` to a v1 `cgroup.procs`, or a sysctl. `optional` warns only.
    case writeFile(path: String, data: String, optional: Bool)
    /// Bring the loopback interface of the present network namespace up.
    case loopbackUp
    /// sethostname(2).
    case setHostname(String)
    /// setdomainname(2).
    case setDomainname(String)
    /// Change the propagation of a mount and, when `recursive`, of all below it. `propagation` is MS_PRIVATE, MS_SLAVE…
    case propagation(path: String, flags: UInt64)
    /// Attach a detached mount at an existing host directory (move_mount(2)): `descriptor` indexes the descriptors passed
    /// with the plan. Keepers know it that gave the engine a mount namespace of its own.
    case attachTree(descriptor: Int, target: String)
    /// mount(2) at a host path.
    case mount(source: String, target: String, type: String, flags: UInt64, data: String)
    /// mount(2) at a path below `root` that is resolved without leaving it (openat2 RESOLVE_IN_ROOT); missing
    /// directories are made first.
    case mountInRoot(root: String, source: String, target: String, type: String, flags: UInt64, data: String)
    /// Bind `source` at a path below `root`, resolved without leaving it; a missing target is made, a file or a
    /// directory as the source is. `attributes` are MS_RDONLY, MS_NOSUID… applied to the new mount alone or, when
    /// `recursive`, to all below; `propagation` as in `propagation(path:flags:)`, zero leaves it.
    case bindInRoot(
        root: String, source: String, target: String, recursive: Bool, attributes: UInt64, propagation: UInt64)
    /// Make a directory and its parents below `root`, without leaving it.
    case makeDirectoryInRoot(root: String, path: String, mode: UInt32)
    /// Make a symbolic link below `root`; an existing one is left.
    case symlinkInRoot(root: String, target: String, path: String)
    /// mknod(2) below `root`, falling back to binding the host's node of the same path; mode includes S_IFCHR or S_IFBLK.
    case deviceInRoot(root: String, path: String, mode: UInt32, major: UInt32, minor: UInt32, uid: UInt32, gid: UInt32)
    /// pivot_root(2) into `root`, detach the old root, chdir to `/`.
    case pivotRoot(root: String)
    /// Remount an existing mount point with these flags added (MS_RDONLY of the root file system).
    case remount(path: String, flags: UInt64)
    /// Hide a path below `root` that may contain no link: the container's own /dev/null over a file, or the empty host file
    /// `empty` where its /dev has none, and an empty read-only tmpfs over a directory. A missing path is left; one that
    /// is called /proc and is not procfs is refused.
    case maskInRoot(root: String, path: String, empty: String)
    /// Make a path below `root` that may contain no link read-only; a missing path is left, as is refused what `maskInRoot`
    /// refuses.
    case readonlyInRoot(root: String, path: String)
    /// Write a kernel parameter: `path` below a procfs of its own that nobody has mounted anything on, such as
    /// `sys/net/ipv4/ip_forward`; below that of `root` where the kernel grants none.
    case sysctl(root: String, path: String, value: String)
    /// Bind the terminal on standard input at a path below `root`, made when it is missing.
    case consoleInRoot(root: String, path: String)
    /// Reopen those of the standard streams that are the null device from the container's own /dev.
    case ownNullDevice
    /// With `enterDescriptor`, once in each plan: from here on it is the process inside that goes on. What comes before is done
    /// by one that nobody inside can see, so that the process is born with nothing of the host's.
    case birth
    /// setrlimit(2); RLIM_INFINITY is `UInt64.max`. What the host does not allow is a warning.
    case setLimit(resource: Int32, soft: UInt64, hard: UInt64)
    /// Write /proc/self/oom_score_adj while it is still reachable. What the host does not allow is a warning.
    case oomScoreAdjust(Int)
    /// setsid(2).
    case newSession
    /// Make standard input the controlling terminal (TIOCSCTTY).
    case controllingTerminal
    /// umask(2).
    case umask(UInt32)
    /// PR_SET_NO_NEW_PRIVS.
    case noNewPrivileges
    /// setgroups, setgid, setuid, keeping the capabilities for `capabilities`. Numbers were looked up before.
    case identity(uid: UInt32, gid: UInt32, groups: [UInt32])
    /// Set the five capability sets; each is a bit mask by capability number.
    case capabilities(bounding: UInt64, effective: UInt64, permitted: UInt64, inheritable: UInt64, ambient: UInt64)
    /// Install a seccomp filter: the bytes of an array of struct sock_filter.
    case seccomp(program: [UInt8])
    /// chdir(2), with no magic link of /proc on the way and nowhere outside the root; when `create`, a missing directory is made
    /// first, as Docker does for a working directory.
    case changeDirectory(path: String, create: Bool)
    /// Join a session keyring of its own (keyctl(2)), which only who possesses it may use; an empty name makes one that nobody
    /// can join. Without keys in the kernel, or where keyctl is refused, nothing is done; no room for one (EDQUOT) is a warning.
    case sessionKeyring(name: String)
    /// Enter an AppArmor profile at execve(2). Refused where /proc is not a procfs.
    case appArmorProfile(String)
    /// PR_SET_PDEATHSIG.
    case parentDeathSignal(Int32)
    /// execve(2). Without a slash in the first argument it is searched in PATH of `environment`. Always the last.
    case execute(arguments: [String], environment: [String])
}
