import Glibc
import Linux
import Model

/// The control group of a container: made once, its limits and devices set at each start.
enum ContainerCgroup {
    /// The group by name, made or not.
    static func of(_ context: LaunchContext, host: HostFacts) -> Cgroup {
        if let unit = context.delegatedGroup {
            return Cgroup(layout: host.cgroups, delegated: unit, name: context.id.text)
        }
        return Cgroup(layout: host.cgroups, parent: context.spec.resources.cgroupParent, name: context.id.text)
    }

    static func prepare(
        _ container: inout PreparedContainer, host: HostFacts, rootfs: String, limitsDevices: Bool = true
    ) throws(IsolationError) {
        guard host.cgroups.kind != .absent else { return }
        let context = container.context
        let cgroup = of(context, host: host)
        let devices = try ContainerDevices(context.spec, root: rootfs, host: host)
        let isNew = !cgroup.exists
        try onHost { () throws(LinuxError) in try cgroup.create() }
        if isNew {
            let open = context.spec.security.privileged || !limitsDevices
            if let warning = try limitDevices(of: cgroup, to: open ? nil : devices.rules) {
                container.warnings.append(warning)
            }
        }
        let resources = context.spec.resources
        container.warnings += try onHost { () throws(LinuxError) in try cgroup.apply(resources) }
        container.cgroup = cgroup
    }

    /// A host that does not let us (a container of its own, a kernel without BPF) is a warning.
    private static func limitDevices(of cgroup: Cgroup, to rules: [String]?) throws(IsolationError) -> String? {
        do {
            if let rules { try cgroup.allowDevices(rules) } else { try cgroup.allowAllDevices() }
            return nil
        } catch {
            if error.code == EINVAL, error.call == "parse device rule" {
                throw .invalid("invalid device cgroup format '\(error.object)'")
            }
            return "The devices of the container cannot be limited: \(error)"
        }
    }
}
