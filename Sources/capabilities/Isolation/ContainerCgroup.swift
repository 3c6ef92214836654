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

    static func prepare(_ container: inout PreparedContainer, host: HostFacts) throws(IsolationError) {
        guard host.cgroups.kind != .absent else { return }
        let cgroup = of(container.context, host: host)
        try onHost { () throws(LinuxError) in try cgroup.create() }
        let resources = container.context.spec.resources
        container.warnings += try onHost { () throws(LinuxError) in try cgroup.apply(resources) }
        container.cgroup = cgroup
    }

    /// Sets what the processes of the next run may do with devices, whatever the group had before. Returns what could not be
    /// opened to a container that may use all of them.
    ///
    /// Errors: `invalid` for what was asked for; `unsupported` where the host cannot limit them: such a container does not start.
    static func limitDevices(of container: PreparedContainer, host: HostFacts) throws(IsolationError) -> [String] {
        let spec = container.context.spec
        // Without a look at all the nodes of the host.
        if spec.security.privileged { return openDevices(to: container.cgroup) }
        let devices = try ContainerDevices(spec, root: container.rootfs, host: host)
        if devices.areUnlimited { return openDevices(to: container.cgroup) }
        guard let cgroup = container.cgroup else { throw unlimited("the host has no control groups") }
        do { try cgroup.allowDevices(devices.rules) } catch {
            if error.code == Errno.tooBig { throw .invalid("more than \(Cgroup.mostDeviceRules) device rules") }
            throw unlimited(error.message)
        }
        return []
    }

    private static func openDevices(to cgroup: Cgroup?) -> [String] {
        do { try cgroup?.allowAllDevices() } catch {
            return ["Not every device can be used by the container: \(error.message)"]
        }
        return []
    }

    private static func unlimited(_ why: String) -> IsolationError {
        .unsupported(
            "the devices that the container may use cannot be limited: \(why). A container that may use every device of the host "
                + "starts with --privileged, or with --device-cgroup-rule 'a *:* rwm'")
    }
}
