import Model

/// Which namespaces a container has of its own, and whose it shares.
struct NamespaceModes: Hashable {
    enum Mode: Hashable { case own, host, container }

    /// As `ipc` has a fourth: its own, without a /dev/shm.
    var ipc: Mode
    var withoutSharedMemory: Bool
    var pid: Mode
    var uts: Mode
    var cgroup: Mode
    var network: Mode

    init(_ spec: ContainerSpec) throws(IsolationError) {
        ipc = try Self.mode(spec.namespaces.ipc, of: "IPC", also: ["private", "shareable", "none"])
        withoutSharedMemory = spec.namespaces.ipc == "none"
        pid = try Self.mode(spec.namespaces.pid, of: "PID", also: ["private"])
        uts = try Self.mode(spec.namespaces.uts, of: "UTS", also: ["private"])
        cgroup = try Self.mode(spec.namespaces.cgroup, of: "cgroup", also: ["private"])
        guard uts != .container else { throw .invalid("invalid UTS mode") }
        guard cgroup != .container else { throw .invalid("invalid cgroup namespace mode: \(spec.namespaces.cgroup)") }
        if spec.network.mode == "host" {
            network = .host
        } else if spec.network.mode.hasPrefix("container:") {
            network = .container
        } else {
            network = .own
        }
    }

    private static func mode(_ typed: String, of kind: String, also own: [String]) throws(IsolationError) -> Mode {
        if typed.isEmpty || own.contains(typed) { return .own }
        if typed == "host" { return .host }
        if typed.hasPrefix("container:") { return .container }
        throw .invalid("invalid \(kind) mode: \(typed)")
    }

    /// CLONE_NEW* of those that are its own and are made by clone itself.
    var cloneFlags: UInt64 {
        var flags = NamespaceFlags.mount
        if ipc == .own { flags |= NamespaceFlags.ipc }
        if pid == .own { flags |= NamespaceFlags.pid }
        if uts == .own { flags |= NamespaceFlags.uts }
        return flags
    }

    /// CLONE_NEW* of all that differ from the host's: those that an exec has to join.
    var joinFlags: UInt64 {
        var flags = NamespaceFlags.mount
        if ipc != .host { flags |= NamespaceFlags.ipc }
        if pid != .host { flags |= NamespaceFlags.pid }
        if uts != .host { flags |= NamespaceFlags.uts }
        if cgroup != .host { flags |= NamespaceFlags.cgroup }
        if network != .host { flags |= NamespaceFlags.network }
        return flags
    }
}
