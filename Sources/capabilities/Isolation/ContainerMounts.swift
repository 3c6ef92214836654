import LaunchPlan
import Linux
import Model

/// One mount of a container, by where it goes.
struct ContainerMount: Hashable {
    /// Absolute and clean.
    let target: String
    let operation: Operation
}

/// The mounts of a native container in the order they are made: the file systems of the kernel first, then what the
/// user asked for, parents before children. A user's mount takes the place of the default on the same path.
struct ContainerMounts {
    let root: String
    private(set) var mounts: [ContainerMount] = []
    /// Places at which, or above which, the user has mounted something.
    private var replaced: Set<String> = []

    init(root: String) { self.root = root }

    /// The OCI file systems with Docker's options.
    mutating func addKernelFileSystems(_ spec: ContainerSpec, _ modes: NamespaceModes, _ context: LaunchContext) {
        let guarded = MountFlags.noSetuid | MountFlags.noDevices | MountFlags.noExecute
        let sysfs = spec.security.privileged ? guarded : guarded | MountFlags.readOnly
        file(system: "proc", at: "/proc", flags: guarded)
        file(
            system: "tmpfs", at: "/dev", flags: MountFlags.noSetuid | MountFlags.strictAccessTime,
            data: "mode=755,size=65536k")
        file(
            system: "devpts", at: "/dev/pts", flags: MountFlags.noSetuid | MountFlags.noExecute,
            data: "newinstance,ptmxmode=0666,mode=0620,gid=5")
        file(system: "sysfs", at: "/sys", flags: sysfs)
        file(system: "mqueue", at: "/dev/mqueue", flags: guarded)
        addSharedMemory(spec, modes, context)
    }

    private mutating func addSharedMemory(
        _ spec: ContainerSpec, _ modes: NamespaceModes, _ context: LaunchContext
    ) {
        let guarded = MountFlags.noSetuid | MountFlags.noDevices | MountFlags.noExecute
        if modes.withoutSharedMemory { return }
        if let path = context.mountedSharedMemory {
            bind(path, to: "/dev/shm", recursive: false, attributes: guarded)
            return
        }
        switch modes.ipc {
        case .own:
            let size = spec.resources.shmSize > 0 ? spec.resources.shmSize : ShareableMemory.standardSize
            file(system: "tmpfs", at: "/dev/shm", flags: guarded, data: "mode=1777,size=\(size)", source: "shm")
        case .host:
            bind("/dev/shm", to: "/dev/shm", recursive: false, attributes: guarded)
        case .container:
            if let path = context.shared.shmPath { bind(path, to: "/dev/shm", recursive: false, attributes: guarded) }
        }
    }

    /// /sys/fs/cgroup: the container's own groups, which it cannot change unless it is privileged.
    mutating func addCgroups(_ cgroup: Cgroup?, privileged: Bool, hostView: Bool) {
        guard let cgroup else { return }
        let guarded = MountFlags.noSetuid | MountFlags.noDevices | MountFlags.noExecute
        let access = privileged ? guarded : guarded | MountFlags.readOnly
        let layout = cgroup.layout
        if layout.kind == .unified, let unified = layout.unified {
            let source = hostView ? unified.mountPoint : unified.directory(of: cgroup.group)
            bind(source, to: "/sys/fs/cgroup", recursive: false, attributes: access)
            return
        }
        file(system: "tmpfs", at: "/sys/fs/cgroup", flags: guarded, data: "mode=755")
        for hierarchy in layout.legacy {
            let names = hierarchy.controllers.map { $0.hasPrefix(bytes: "name=") ? String($0.dropFirst(5)) : $0 }
            let source = hostView ? hierarchy.mountPoint : hierarchy.directory(of: cgroup.group)
            for name in names { bind(source, to: "/sys/fs/cgroup/" + name, recursive: false, attributes: access) }
        }
    }

    /// The user's mounts and the container's own /etc files.
    mutating func addRequested(
        _ requested: [MountSpec], filesIn directory: String, readOnlyFiles: Bool
    ) throws(IsolationError) {
        var wanted: [ContainerMount] = []
        for mount in requested { wanted.append(try make(mount)) }
        for (name, target) in ContainerFiles.targets where !wanted.contains(where: { $0.target == target }) {
            wanted.append(
                ContainerMount(
                    target: target,
                    operation: .bindInRoot(
                        root: root, source: directory + "/" + name, target: target, recursive: true,
                        attributes: readOnlyFiles ? MountFlags.readOnly : 0,
                        propagation: MountFlags.private | MountFlags.recursive)))
        }
        let targets = Set(wanted.map(\.target))
        replaced = Set(mounts.map(\.target).filter { place in targets.contains { ContainerPath.isInside(place, $0) } })
        // What the user puts at a place is all that there is of it: the defaults below would be hidden, or be in its way.
        mounts.removeAll { mount in targets.contains { ContainerPath.isInside(mount.target, $0) } }
        // A stable sort by depth: Docker's order.
        let ordered = wanted.enumerated().sorted { a, b in
            let depths = (Self.depth(a.element.target), Self.depth(b.element.target))
            return depths.0 == depths.1 ? a.offset < b.offset : depths.0 < depths.1
        }
        mounts += ordered.map(\.element)
    }

    /// Whether something is mounted exactly there, by default or by the user.
    func isMounted(_ target: String) -> Bool { mounts.contains { $0.target == target } }

    /// Whether the user brought something of their own there.
    func isReplaced(_ target: String) -> Bool { replaced.contains(target) }

    /// Where binds are read-only that leave out what is mounted below them.
    static func readOnlyAlone(_ mounts: [MountSpec]) -> [String] {
        mounts.filter { $0.readOnly && $0.readOnlyAlone }.map { ContainerPath.cleaned($0.target) }
    }

    private func make(_ mount: MountSpec) throws(IsolationError) -> ContainerMount {
        guard mount.target.hasPrefix(bytes: "/") else {
            throw .invalid("invalid mount config: mount path must be absolute: \(mount.target)")
        }
        let target = ContainerPath.cleaned(mount.target)
        guard target != "/" else {
            throw .invalid("invalid mount config: destination can't be '/'")
        }
        try Self.checkPlace(mount, target)
        switch mount.source {
        case .tmpfs:
            var options = try TmpfsOptions(mount.options)
            if mount.readOnly { options.flags |= MountFlags.readOnly }
            if mount.tmpfsSize > 0 { options.data.append("size=\(mount.tmpfsSize)") }
            if mount.tmpfsMode > 0 { options.data.append("mode=\(String(mount.tmpfsMode, radix: 8))") }
            return ContainerMount(
                target: target,
                operation: .mountInRoot(
                    root: root, source: "tmpfs", target: target, type: "tmpfs", flags: options.flags,
                    data: options.data.joined(separator: ",")))
        case .volume(let name): throw .unsupported("named volumes are not supported yet: \(name)")
        case .bind(let path):
            return ContainerMount(
                target: target,
                operation: .bindInRoot(
                    root: root, source: path, target: target, recursive: !mount.nonRecursive,
                    attributes: mount.readOnly && !mount.readOnlyAlone ? MountFlags.readOnly : 0,
                    propagation: try Self.propagation(mount.propagation)))
        }
    }

    /// What may be replaced inside /proc: runc's list, which the child holds too, whatever the image has there.
    private static let replaceableInProc: Set<String> = [
        "/proc/cpuinfo", "/proc/diskstats", "/proc/meminfo", "/proc/stat", "/proc/swaps", "/proc/uptime",
        "/proc/loadavg", "/proc/slabinfo", "/proc/net/dev", "/proc/sys/kernel/ns_last_pid",
        "/proc/sys/crypto/fips_enabled",
    ]

    /// runc's refusals of mounts that would take the kernel's own files away from where they are looked for (CVE-2019-16884).
    private static func checkPlace(_ mount: MountSpec, _ target: String) throws(IsolationError) {
        if target == "/proc" {
            guard let path = mount.source.hostPath, HostFile.isProc(path) else {
                throw .invalid("\"\(mount.source.text)\" cannot be mounted to \"/proc\": it is not procfs")
            }
        } else if target.hasPrefix(bytes: "/proc/"), !replaceableInProc.contains(target) {
            throw .invalid("\"\(target)\" cannot be mounted because it is inside /proc")
        }
    }

    /// `rprivate` unless said otherwise.
    static func propagation(_ word: String) throws(IsolationError) -> UInt64 {
        switch word {
        case "", "rprivate": MountFlags.private | MountFlags.recursive
        case "private": MountFlags.private
        case "rshared": MountFlags.shared | MountFlags.recursive
        case "shared": MountFlags.shared
        case "rslave": MountFlags.slave | MountFlags.recursive
        case "slave": MountFlags.slave
        default: throw .invalid("invalid propagation mode: \(word)")
        }
    }

    private mutating func file(
        system type: String, at target: String, flags: UInt64, data: String = "", source: String? = nil
    ) {
        mounts.append(
            ContainerMount(
                target: target,
                operation: .mountInRoot(
                    root: root, source: source ?? type, target: target, type: type, flags: flags, data: data)))
    }

    private mutating func bind(
        _ source: String, to target: String, recursive: Bool, attributes: UInt64
    ) {
        mounts.append(
            ContainerMount(
                target: target,
                operation: .bindInRoot(
                    root: root, source: source, target: target, recursive: recursive, attributes: attributes,
                    propagation: MountFlags.private | MountFlags.recursive)))
    }

    private static func depth(_ path: String) -> Int { path.split(byte: "/").count }
}
