package import Isolation
internal import Linux
package import Model
internal import Supervision

/// The runtimes by name.
package struct IsolationSet: Sendable {
    private let native: any IsolationRuntime
    private let host: any IsolationRuntime
    private let oci: [String: any IsolationRuntime]
    private let standard: RuntimeName
    private let facts: HostFacts?

    /// Native, host and the OCI runtimes of the configuration.
    init(_ configuration: EngineConfiguration) throws {
        let facts = try HostFacts.detect()
        self.facts = facts
        native = NativeIsolation(host: facts)
        host = HostIsolation(host: facts)
        var oci: [String: any IsolationRuntime] = [:]
        for (name, path) in configuration.runtimes {
            oci[name] = OCIIsolation(path: HostFile.program(path) ?? path, host: facts)
        }
        self.oci = oci
        standard = configuration.defaultRuntime
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
    var hasUnifiedCgroups: Bool { facts?.cgroups.dockerVersion == 2 }

    /// Whether AppArmor confines the host's containers.
    var hasAppArmor: Bool { facts?.hasAppArmor ?? false }

    /// Loads the AppArmor profile of containers.
    func loadProfiles() throws {
        if hasAppArmor { try AppArmorProfile.load() }
    }

    /// Whether the host has a control group of this name, in the hierarchy that an init system keeps.
    func hasControlGroup(_ group: String) -> Bool {
        guard let layout = facts?.cgroups else { return false }
        return Cgroup(layout: layout, delegated: group, name: "").hasParent
    }

    /// The runtime that a container names; Docker's message for an unknown one.
    func runtime(for spec: ContainerSpec) throws(EngineError) -> any IsolationRuntime {
        switch spec.runtime.or(standard) {
        case .native, .unset: return native
        case .host: return host
        case .oci(let name):
            if let runtime = oci[name] { return runtime }
            if name.hasPrefix("/"), let facts { return OCIIsolation(path: name, host: facts) }
            throw EngineError(.badRequest, "unknown or invalid runtime name: \(name)")
        }
    }
}
