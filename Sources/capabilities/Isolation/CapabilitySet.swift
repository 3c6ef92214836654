internal import Model

/// A set of capabilities (capabilities(7)), one bit per capability number.
public struct CapabilitySet: OptionSet, Hashable, Sendable {
    /// One bit per capability number.
    public let rawValue: UInt64

    /// As the name says.
    public init(rawValue: UInt64) { self.rawValue = rawValue }

    /// Names by number, without `CAP_`, up to CAP_CHECKPOINT_RESTORE (Linux 5.9).
    static let names = [
        "CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER", "FSETID", "KILL", "SETGID", "SETUID", "SETPCAP",
        "LINUX_IMMUTABLE", "NET_BIND_SERVICE", "NET_BROADCAST", "NET_ADMIN", "NET_RAW", "IPC_LOCK", "IPC_OWNER",
        "SYS_MODULE", "SYS_RAWIO", "SYS_CHROOT", "SYS_PTRACE", "SYS_PACCT", "SYS_ADMIN", "SYS_BOOT", "SYS_NICE",
        "SYS_RESOURCE", "SYS_TIME", "SYS_TTY_CONFIG", "MKNOD", "LEASE", "AUDIT_WRITE", "AUDIT_CONTROL", "SETFCAP",
        "MAC_OVERRIDE", "MAC_ADMIN", "SYSLOG", "WAKE_ALARM", "BLOCK_SUSPEND", "AUDIT_READ", "PERFMON", "BPF",
        "CHECKPOINT_RESTORE",
    ]

    /// Every capability there is a name for.
    public static let all = CapabilitySet(rawValue: (1 << UInt64(names.count)) - 1)

    /// What Docker gives by default.
    public static let dockerDefault: CapabilitySet = {
        let granted = [
            "CHOWN", "DAC_OVERRIDE", "FSETID", "FOWNER", "MKNOD", "NET_RAW", "SETGID", "SETUID", "SETFCAP", "SETPCAP",
            "NET_BIND_SERVICE", "SYS_CHROOT", "KILL", "AUDIT_WRITE",
        ]
        return granted.compactMap { CapabilitySet(name: $0) }.reduce(CapabilitySet()) { $0.union($1) }
    }()

    /// One capability by its name in any case, with or without `CAP_`; `nil` when unknown.
    public init?(name: String) {
        var name = name.uppercased()
        if name.hasPrefix(bytes: "CAP_") { name.removeFirst(4) }
        guard let number = Self.names.firstIndex(of: name) else { return nil }
        self.init(rawValue: 1 << UInt64(number))
    }

    /// The names in it with `CAP_`, by number.
    public var capabilityNames: [String] {
        Self.names.indices.filter { rawValue & (1 << UInt64($0)) != 0 }.map { "CAP_" + Self.names[$0] }
    }

    /// What a container gets by `--cap-add`, `--cap-drop` and `--privileged`, as Docker decides it: privileged is all;
    /// dropping ALL starts from nothing, adding ALL from everything, else from the default set.
    public static func granted(
        privileged: Bool, add: [String], drop: [String]
    ) throws(IsolationError) -> CapabilitySet {
        let added = try parse(add)
        let dropped = try parse(drop)
        if privileged { return .all }
        if added.all { return CapabilitySet.all.subtracting(dropped.set) }
        if dropped.all { return added.set }
        return dockerDefault.subtracting(dropped.set).union(added.set)
    }

    private static func parse(_ names: [String]) throws(IsolationError) -> (all: Bool, set: CapabilitySet) {
        var all = false
        var set = CapabilitySet()
        for name in names {
            if ["ALL", "CAP_ALL"].contains(name.uppercased()) {
                all = true
                continue
            }
            guard let one = CapabilitySet(name: name) else {
                let upper = name.uppercased()
                throw .invalid("invalid capability: \"\(upper.hasPrefix(bytes: "CAP_") ? upper : "CAP_" + upper)\"")
            }
            set.formUnion(one)
        }
        return (all, set)
    }
}
