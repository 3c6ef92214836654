import Linux
import Model

/// The control group of a container: made once, its limits and devices set at each start.
enum ContainerCgroup {
    static func prepare(
        _ container: inout PreparedContainer, host: HostFacts, rootfs: String, limitsDevices: Bool = true
    ) throws(IsolationError) {
        guard host.cgroups.kind != .absent else { return }
        let context = container.context
        let cgroup = Cgroup(
            layout: host.cgroups, parent: context.spec.resources.cgroupParent, name: context.id.text)
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
