import LaunchPlan
import Linux
import Model

/// The device nodes of a container and what its device group allows.
struct ContainerDevices {
    private(set) var operations: [Operation] = []
    /// What the control group allows.
    private(set) var rules: [DeviceRule] = []
    /// Whether that is everything: a privileged container's, or one whose user asked for it (`a *:* rwm`).
    var areUnlimited: Bool

    /// The devices that every container has (OCI's list), by number; all are character devices, mode 0666.
    private static let standard: [(name: String, major: UInt32, minor: UInt32)] = [
        ("null", 1, 3), ("zero", 1, 5), ("full", 1, 7), ("random", 1, 8), ("urandom", 1, 9), ("tty", 5, 0),
    ]

    /// Docker's and runc's, without the host's console (5:1): a container's console is a pseudoterminal (136). Any node may be
    /// made; to open it is another matter.
    static let standardRules =
        [DeviceRule(.character, nil, nil, .make), DeviceRule(.block, nil, nil, .make)]
        + standard.map { DeviceRule(.character, Int32($0.major), Int32($0.minor), .all) }
        + [DeviceRule(.character, 5, 2, .all), DeviceRule(.character, 136, nil, .all)]

    /// How many nodes a container may have.
    static let mostNodes = 4096

    init(_ spec: ContainerSpec, root: String, host: HostFacts) throws(IsolationError) {
        rules = Self.standardRules
        areUnlimited = spec.security.privileged
        let character: UInt32 = 0o020000
        for device in Self.standard {
            operations.append(
                .deviceInRoot(
                    root: root, path: "/dev/" + device.name, mode: character | 0o666, major: device.major,
                    minor: device.minor, uid: 0, gid: 0))
        }
        if spec.security.privileged {
            let known = Set(Self.standard.map { "/dev/" + $0.name } + ["/dev/ptmx"])
            let all = try onHost { () throws(LinuxError) in
                try HostDevice.all(below: host.deviceDirectory, besides: HostDevice.ownPlaces)
            }
            for device in all where !known.contains(device.path) { add(device, at: device.path, root, .all) }
        }
        for device in spec.resources.devices { try add(device, root) }
        for text in spec.resources.deviceCgroupRules {
            guard let rule = DeviceRule(text) else { throw .invalid("invalid device cgroup rule format: '\(text)'") }
            rules.append(rule)
        }
        guard operations.count <= Self.mostNodes else { throw .invalid("more than \(Self.mostNodes) devices") }
        areUnlimited = areUnlimited || DeviceRule.allowEverything(rules)
    }

    private mutating func add(_ spec: DeviceSpec, _ root: String) throws(IsolationError) {
        let target = spec.pathInContainer.isEmpty ? spec.pathOnHost : spec.pathInContainer
        let failure = "error gathering device information while adding custom device \"\(spec.pathOnHost)\": "
        let permissions = spec.permissions.isEmpty ? "rwm" : spec.permissions
        guard let access = DeviceRule.Access(permissions) else { throw .invalid("invalid device mode: \(permissions)") }
        do {
            if HostFile.isDirectory(spec.pathOnHost) {
                let devices = try HostDevice.all(below: spec.pathOnHost)
                for device in devices {
                    add(device, at: target + device.path.dropFirst(spec.pathOnHost.count), root, access)
                }
                if !devices.isEmpty { return }
            } else if let device = try HostDevice.at(spec.pathOnHost) {
                add(device, at: target, root, access)
                return
            }
        } catch  where error.code == Errno.tooBig {
            throw .invalid(failure + "more than \(HostDevice.mostNames) files are below it")
        } catch {
            throw .invalid(failure + error.reason)
        }
        throw .invalid(failure + "not a device node")
    }

    private mutating func add(_ device: HostDevice, at path: String, _ root: String, _ access: DeviceRule.Access) {
        operations.append(
            .deviceInRoot(
                root: root, path: path, mode: device.nodeMode, major: device.major, minor: device.minor,
                uid: device.uid, gid: device.gid))
        rules.append(
            DeviceRule(
                device.isBlock ? .block : .character, Int32(clamping: device.major), Int32(clamping: device.minor),
                access))
    }

    /// The links that every container has in /dev.
    static func links(root: String, kernelCore: Bool) -> [Operation] {
        var links = [
            ("/proc/self/fd", "/dev/fd"), ("/proc/self/fd/0", "/dev/stdin"), ("/proc/self/fd/1", "/dev/stdout"),
            ("/proc/self/fd/2", "/dev/stderr"), ("pts/ptmx", "/dev/ptmx"),
        ]
        if kernelCore { links.append(("/proc/kcore", "/dev/core")) }
        return links.map { .symlinkInRoot(root: root, target: $0.0, path: $0.1) }
    }
}
