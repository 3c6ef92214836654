import Linux
import Model

/// The control group of a container: made once, its limits and devices set at each start.
enum ContainerCgroup {
    /// The group by name, made or not.
    static func of(_ context: LaunchContext, host: HostFacts) -> Cgroup {
        Cgroup(layout: host.cgroups, parent: context.spec.resources.cgroupParent, name: context.id.text)
    }

    static func prepare(
        _ container: inout PreparedContainer, host: HostFacts, rootfs: String, limitsDevices: Bool = true
    ) throws(IsolationError) {
        guard host.cgroups.kind != .absent else { return }
        let context = container.context
        let cgroup = of(context, host: host)
        let devices = try ContainerDevices(context.spec, root: rootfs, host: host)
        let isNew = !cgroup.exists
        container.warnings += try onHost { () throws(LinuxError) in
            try cgroup.create()
            if isNew {
                if context.spec.security.privileged || !limitsDevices {
                    try cgroup.allowAllDevices()
                } else {
                    try cgroup.allowDevices(devices.rules)
                }
            }
            return try cgroup.apply(context.spec.resources)
        }
        container.cgroup = cgroup
    }
}
