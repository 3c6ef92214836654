import LaunchPlan
import Linux
import Model

/// The device nodes of a container and what its device group allows.
struct ContainerDevices {
    private(set) var operations: [Operation] = []
    /// Lines for devices.allow of cgroup v1.
    private(set) var rules: [String] = []

    /// The devices that every container has (OCI's list), by number; all are character devices, mode 0666.
    private static let standard: [(name: String, major: UInt32, minor: UInt32)] = [
        ("null", 1, 3), ("zero", 1, 5), ("full", 1, 7), ("random", 1, 8), ("urandom", 1, 9), ("tty", 5, 0),
    ]

    private static let standardRules = [
        "c *:* m", "b *:* m", "c 1:3 rwm", "c 1:5 rwm", "c 1:7 rwm", "c 1:8 rwm", "c 1:9 rwm", "c 5:0 rwm",
        "c 5:1 rwm", "c 5:2 rwm", "c 136:* rwm",
    ]

    init(_ spec: ContainerSpec, root: String, host: HostFacts) throws(IsolationError) {
        rules = Self.standardRules
        let character: UInt32 = 0o020000
        for device in Self.standard {
            operations.append(
                .deviceInRoot(
                    root: root, path: "/dev/" + device.name, mode: character | 0o666, major: device.major,
                    minor: device.minor, uid: 0, gid: 0))
        }
        if spec.security.privileged {
            let known = Set(Self.standard.map { "/dev/" + $0.name } + ["/dev/ptmx"])
            let all = try onHost { () throws(LinuxError) in try HostDevice.all(below: host.deviceDirectory) }
            for device in all where !known.contains(device.path) { add(device, at: device.path, root) }
        }
        for device in spec.resources.devices { try add(device, root) }
        rules += spec.resources.deviceCgroupRules
    }

    private mutating func add(_ spec: DeviceSpec, _ root: String) throws(IsolationError) {
        let target = spec.pathInContainer.isEmpty ? spec.pathOnHost : spec.pathInContainer
        let failure = "error gathering device information while adding custom device \"\(spec.pathOnHost)\": "
        do {
            if HostFile.isDirectory(spec.pathOnHost) {
                for device in try HostDevice.all(below: spec.pathOnHost) {
                    add(device, at: target + device.path.dropFirst(spec.pathOnHost.count), root, spec.permissions)
                }
                return
            }
            if let device = try HostDevice.at(spec.pathOnHost) {
                add(device, at: target, root, spec.permissions)
                return
            }
        } catch {
            throw .invalid(failure + error.lowerCaseReason)
        }
        throw .invalid(failure + "not a device node")
    }

    private mutating func add(_ device: HostDevice, at path: String, _ root: String, _ permissions: String = "rwm") {
        operations.append(
            .deviceInRoot(
                root: root, path: path, mode: device.nodeMode, major: device.major, minor: device.minor,
                uid: device.uid, gid: device.gid))
        let access = permissions.isEmpty ? "rwm" : permissions
        rules.append("\(device.isBlock ? "b" : "c") \(device.major):\(device.minor) \(access)")
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
