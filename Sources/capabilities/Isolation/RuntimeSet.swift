internal import Linux
public import Model

/// The runtimes of this host by name.
public struct RuntimeSet: Sendable {
    private let native: any IsolationRuntime
    private let host: any IsolationRuntime
    private let oci: [String: any IsolationRuntime]
    private let standard: RuntimeName
    private let facts: HostFacts?

    /// The native and the host runtime, and OCI runtimes as programs by name. `standard` is for containers that name none. Throws
    /// when the host's control groups cannot be read.
    public init(oci programs: [String: String], standard: RuntimeName) throws(IsolationError) {
        let facts = try HostFacts.detect()
        self.facts = facts
        native = NativeIsolation(host: facts)
        host = HostIsolation(host: facts)
        var oci: [String: any IsolationRuntime] = [:]
        for (name, path) in programs {
            oci[name] = OCIIsolation(path: HostFile.program(path) ?? path, host: facts)
        }
        self.oci = oci
        self.standard = standard
    }

    /// One runtime in the place of every built one.
    package init(_ runtime: any IsolationRuntime, standard: RuntimeName) {
        native = runtime
        host = runtime
        oci = [:]
        facts = nil
        self.standard = standard
    }

    /// Whether the host has cgroups of version 2 and no others.
    public var hasUnifiedCgroups: Bool { facts?.cgroups.dockerVersion == 2 }

    /// Whether AppArmor confines the host's containers.
    public var hasAppArmor: Bool { facts?.hasAppArmor ?? false }

    /// What containers miss of the host's security modules, for `info`.
    public var securityWarnings: [String] { facts?.securityModules.warnings ?? [] }

    /// Loads the AppArmor profile of containers.
    public func loadProfiles() throws {
        if hasAppArmor { try AppArmorProfile.load() }
    }

    /// Whether the host has a control group of this name, in the hierarchy that an init system keeps.
    public func hasControlGroup(_ group: String) -> Bool {
        guard let layout = facts?.cgroups else { return false }
        return Cgroup(layout: layout, delegated: group, name: "").hasParent
    }

    /// The runtime that a container names. Throws `invalid` with Docker's message for an unknown one.
    public func runtime(for spec: ContainerSpec) throws(IsolationError) -> any IsolationRuntime {
        switch spec.runtime.or(standard) {
        case .native, .unset: return native
        case .host: return host
        case .oci(let name):
            if let runtime = oci[name] { return runtime }
            if name.hasPrefix(bytes: "/"), let facts { return OCIIsolation(path: name, host: facts) }
            throw .invalid("unknown or invalid runtime name: \(name)")
        }
    }
}
