internal import CLinux
public import Linux

/// The rights that a program of the supervisor works with: the least that does. A value, so that the table of them can be
/// read and tested; `enter` gives up everything else for good.
public struct Confinement: Hashable, Sendable {
    /// What of the network is left.
    public enum Network: Hashable, Sendable {
        /// Namespaces of its own in which nothing is; sockets that are open go on.
        case none
        /// That of its caller, as far as the system calls reach it.
        case callers
    }

    /// Which system calls are left.
    public enum Calls: Hashable, Sendable {
        /// Only these; others fail with ENOSYS, as if the kernel did not have them.
        case only([CallRule])
        /// All but these, which fail with EPERM.
        case allBut([String])
    }

    /// A user and group by their numbers.
    public struct User: Hashable, Sendable {
        /// The user.
        public var uid: UInt32
        /// The group; there are no further ones.
        public var gid: UInt32

        /// The user who owns nothing (`nobody`).
        public static let nobody = User(uid: 65_534, gid: 65_534)
    }

    /// What of its resources is bounded, by the numbers of setrlimit(2) on x86 and arm.
    public enum Limit: Int32, Hashable, Sendable {
        case fileBytes = 1
        case stackBytes = 3
        case coreBytes = 4
        case openFiles = 7
        case memoryBytes = 9
    }

    /// What is kept of the capabilities that it has; `nil` keeps all.
    public var capabilities: Set<Capability>?
    /// What it may reach.
    public var network = Network.callers
    /// Who it becomes, when it is root.
    public var user: User?
    /// What it may ask of the kernel.
    public var calls: Calls
    /// Whether others, even of the same user, are kept from tracing it and from its entries in /proc (PR_SET_DUMPABLE).
    public var isHidden = true
    /// Whether it leaves its caller's session and terminal.
    public var hasOwnSession = false
    /// Bounds of its resources.
    public var limits: [Limit: UInt64] = [:]

    /// Rights by value.
    public init(capabilities: Set<Capability>?, calls: Calls) {
        self.capabilities = capabilities
        self.calls = calls
    }

    /// Gives up all other rights; there is no way back. For a process that has one thread so far.
    ///
    /// It cannot be looked into by others from its first step on: only after that it has as few capabilities as they may have.
    public func enter() throws(LinuxError) {
        if isHidden { try Self.check(clinux_set_not_dumpable(), "prctl", "PR_SET_DUMPABLE") }
        if hasOwnSession { CurrentProcess.leaveSession() }
        for (limit, most) in limits.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            try Self.check(clinux_lower_limit(limit.rawValue, most), "setrlimit", "limit \(limit.rawValue)")
        }
        if network == .none { try Self.check(clinux_leave_network(), "unshare", "network namespace") }
        if let user, CurrentProcess.user == 0 {
            try Self.check(clinux_become(user.uid, user.gid), "setuid", "\(user.uid)")
            // A change of who it is takes it back.
            try Self.check(clinux_set_not_dumpable(), "prctl", "PR_SET_DUMPABLE")
        }
        if let capabilities {
            let kept = capabilities.reduce(UInt64(0)) { $0 | 1 << UInt64($1.rawValue) }
            try Self.check(clinux_keep_capabilities(kept), "capset", "this process")
        }
        try Self.check(clinux_set_no_new_privileges(), "prctl", "PR_SET_NO_NEW_PRIVS")
        try CallFilter.load(calls)
    }

    static func check(_ result: Int32, _ call: String, _ object: String) throws(LinuxError) {
        if result < 0 { throw LinuxError(call: call, object: object, code: -result) }
    }
}
