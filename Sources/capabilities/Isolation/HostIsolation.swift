import LaunchPlan
public import Linux
public import Model

/// No isolation: a process of the host with its own control group, environment, user and directory. What a plain
/// process supervisor does. With an image, programs are taken from the image's root file system by its file system alone;
/// without one (`RootfsSource.host`) they are the host's.
public struct HostIsolation: IsolationRuntime {
    private let host: HostFacts

    /// A runtime for a host with these facts.
    public init(host: HostFacts) { self.host = host }

    /// See `IsolationRuntime`.
    public func prepare(_ context: LaunchContext) throws(IsolationError) -> PreparedContainer {
        try Rootfs.mount(context.rootfs)
        let root = context.rootfs.path
        let database = try UserDatabase.of(root)
        let identity: UserIdentity
        do {
            let process = context.spec.process
            identity = try database.identity(of: process.user, additionalGroups: process.additionalGroups)
        } catch {
            throw .user(error)
        }
        if case .overlay = context.rootfs { try Rootfs.makeVolumes(context.spec, in: root) }
        var prepared = PreparedContainer(
            context: context, rootfs: root, cgroup: nil, network: nil, identity: identity, warnings: [])
        try ContainerCgroup.prepare(&prepared, host: host)
        return prepared
    }

    /// See `IsolationRuntime`.
    public func shortcomings(of spec: ContainerSpec) -> [String] {
        (try? ResourceLimit.operations(spec.resources.ulimits, host: host).warnings) ?? []
    }

    /// See `IsolationRuntime`.
    public func plan(_ container: PreparedContainer) throws(IsolationError) -> LaunchRequest {
        let spec = container.context.spec
        return try request(
            container, arguments: spec.process.arguments, environment: spec.process.environment,
            directory: spec.process.workingDirectory, identity: container.identity, terminal: spec.process.terminal)
    }

    /// See `IsolationRuntime`.
    public func plan(
        _ exec: ExecContext, in container: PreparedContainer
    ) throws(IsolationError) -> LaunchRequest {
        let spec = container.context.spec
        var identity = container.identity
        if !exec.user.isEmpty { identity = try identityOf(exec.user, in: container.rootfs) }
        return try request(
            container, arguments: exec.arguments,
            environment: ProcessEnvironment.replacing(spec.process.environment, with: exec.environment),
            directory: exec.workingDirectory.isEmpty ? spec.process.workingDirectory : exec.workingDirectory,
            identity: identity, terminal: exec.terminal)
    }

    /// See `IsolationRuntime`.
    public func groups(of context: LaunchContext) -> [Cgroup] {
        host.cgroups.kind == .absent ? [] : [ContainerCgroup.of(context, host: host)]
    }

    /// See `IsolationRuntime`.
    public func discard(_ context: LaunchContext) throws(IsolationError) {
        try onHost { () throws(LinuxError) in
            if host.cgroups.kind != .absent { try ContainerCgroup.of(context, host: host).remove() }
            try Rootfs.unmount(context.rootfs)
        }
    }

    private func request(
        _ container: PreparedContainer, arguments: [String], environment: [String], directory: String,
        identity: UserIdentity, terminal: Bool
    ) throws(IsolationError) -> LaunchRequest {
        guard let first = arguments.first else { throw .invalid("no command specified") }
        guard !first.isEmpty else { throw .program("", code: Errno.noSuchFile) }
        let spec = container.context.spec
        var descriptors: [SharedDescriptor] = []
        var place: Int?
        if let path = container.cgroup?.unifiedDirectory {
            place = 0
            descriptors.append(try onHost { () throws(LinuxError) in try SharedDescriptor.directory(path) })
        }
        var operations: [Operation] = (container.cgroup?.legacyJoinFiles ?? []).map {
            .writeFile(path: $0, data: "0", optional: false)
        }
        operations.append(.oomScoreAdjust(spec.security.oomScoreAdjust))
        var namespaces: UInt64 = 0
        if container.rootfs != "/" {
            // Its own view of the mounts and nothing else: the host's /proc, /sys and /dev are bound into the image.
            namespaces = NamespaceFlags.mount
            var mounted: Int?
            if host.hasOwnMounts, case .overlay = container.context.rootfs {
                mounted = descriptors.count
                descriptors.append(
                    try onHost { () throws(LinuxError) in try SharedDescriptor.mount(at: container.rootfs) })
            }
            operations += Self.enterImage(container.rootfs, mounted: mounted)
        }
        operations.append(.newSession)
        if terminal { operations.append(.controllingTerminal) }
        let limits = try ResourceLimit.operations(spec.resources.ulimits, host: host)
        operations += limits.operations
        operations.append(.umask(0o022))
        operations.append(.changeDirectory(path: directory.isEmpty ? "/" : directory, create: false))
        operations.append(.identity(uid: identity.uid, gid: identity.gid, groups: identity.groups))
        if identity.uid != 0 {
            operations.append(
                .capabilities(
                    bounding: host.capabilities.rawValue, effective: 0, permitted: 0, inheritable: 0, ambient: 0))
        }
        let variables = ProcessEnvironment.make(
            requested: environment, hostname: host.hostname, terminal: terminal, home: identity.home)
        operations.append(.execute(arguments: arguments, environment: variables))
        let plan = Plan(namespaces: namespaces, cgroupDescriptor: place, operations: operations)
        return LaunchRequest(plan: plan, descriptors: descriptors, warnings: limits.warnings)
    }

    private static func enterImage(_ root: String, mounted: Int?) -> [Operation] {
        let recursive = MountFlags.recursive
        var operations: [Operation] = [.propagation(path: "/", flags: MountFlags.private | recursive)]
        if let mounted {
            operations += [
                .attachTree(descriptor: mounted, target: root), .propagation(path: root, flags: MountFlags.private),
            ]
        } else {
            operations.append(
                .mount(source: root, target: root, type: "", flags: MountFlags.bind | recursive, data: ""))
        }
        for path in ["/proc", "/sys", "/dev", "/etc/resolv.conf", "/etc/hosts"] where HostFile.exists(path) {
            operations.append(
                .bindInRoot(
                    root: root, source: path, target: path, recursive: true, attributes: 0,
                    propagation: MountFlags.private | recursive))
        }
        return operations + [.pivotRoot(root: root)]
    }

    private func identityOf(_ user: String, in root: String) throws(IsolationError) -> UserIdentity {
        let database = try UserDatabase.of(root)
        do {
            return try database.identity(of: user)
        } catch {
            throw .user(error)
        }
    }
}
