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
        switch spec.namespaces.ipc {
        case .unset, .own, .shareable, .none: ipc = .own
        case .host: ipc = .host
        case .container: ipc = .container
        }
        withoutSharedMemory = spec.namespaces.ipc == .none
        pid = Self.mode(spec.namespaces.pid)
        uts = Self.mode(spec.namespaces.uts)
        cgroup = Self.mode(spec.namespaces.cgroup)
        guard uts != .container else { throw .invalid("invalid UTS mode: \(spec.namespaces.uts.text)") }
        guard cgroup != .container else {
            throw .invalid("invalid cgroup namespace mode: \(spec.namespaces.cgroup.text)")
        }
        switch spec.network.mode {
        case .host: network = .host
        case .container: network = .container
        case .unset, .default, .bridge, .none, .named: network = .own
        }
    }

    private static func mode(_ asked: NamespaceMode) -> Mode {
        switch asked {
        case .unset, .own: .own
        case .host: .host
        case .container: .container
        }
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
