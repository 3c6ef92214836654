import LaunchPlan
public import Linux
public import Model

/// Containers made of namespaces, control groups, capabilities and a system call filter, by our own keeper.
public struct NativeIsolation: IsolationRuntime {
    private let host: HostFacts
    private let filters: SeccompFilterCache

    /// A runtime for a host with these facts.
    public init(host: HostFacts) {
        self.host = host
        filters = SeccompFilterCache()
    }

    /// See `IsolationRuntime`.
    public func prepare(_ context: LaunchContext) throws(IsolationError) -> PreparedContainer {
        let stood = Rootfs.isMounted(context.rootfs)
        do {
            return try standUp(context)
        } catch {
            if !stood { try? discard(context) }
            throw error
        }
    }

    private func standUp(_ context: LaunchContext) throws(IsolationError) -> PreparedContainer {
        let spec = context.spec
        let modes = try NamespaceModes(spec)
        let rootfs = context.rootfs.path
        let network = try beginNetwork(modes, context)
        try Rootfs.mount(context.rootfs)
        let identity = try lookAround(context, modes)
        var prepared = PreparedContainer(
            context: context, rootfs: rootfs, cgroup: nil, network: nil, identity: identity, warnings: [])
        _ = try ContainerDevices(spec, root: rootfs, host: host)
        try ContainerCgroup.prepare(&prepared, host: host)
        switch modes.network {
        case .own: prepared.network = NetworkNamespace(path: context.networkPath)
        case .container: prepared.network = context.shared.network
        case .host: break
        }
        do {
            try network?.finish()
        } catch {
            throw .host(error)
        }
        return prepared
    }

    /// All that a start finds in the root file system and outside it, and makes where it is missing: the user, the working
    /// directory, sources of binds, the init. Any of it may have changed since the last run.
    private func lookAround(_ context: LaunchContext, _ modes: NamespaceModes) throws(IsolationError) -> UserIdentity {
        let (spec, rootfs) = (context.spec, context.rootfs.path)
        try Rootfs.checkKernelPlaces(in: rootfs)
        let database = try UserDatabase.of(rootfs)
        let identity: UserIdentity
        do {
            identity = try database.identity(of: spec.process.user, additionalGroups: spec.process.additionalGroups)
        } catch {
            throw .user(error)
        }
        try Rootfs.makeWorkingDirectory(spec.process.workingDirectory, in: rootfs)
        try Rootfs.makeVolumes(spec, in: rootfs)
        try Rootfs.checkBindSources(spec.mounts)
        try Rootfs.checkPropagation(spec.mounts)
        if NativePlanBuilder.wantsInit(context, modes) {
            try onHost { () throws(LinuxError) in try ContainerFiles.copyInit(context) }
        }
        return identity
    }

    /// Made while the rest is.
    private func beginNetwork(
        _ modes: NamespaceModes, _ context: LaunchContext
    ) throws(IsolationError) -> NetworkNamespace.Making? {
        guard modes.network == .own else { return nil }
        do {
            try HostFile.makeDirectories(context.runDirectory, mode: ContainerFiles.directoryMode)
            return try NetworkNamespace(path: context.networkPath).begin()
        } catch {
            throw .host(error)
        }
    }

    /// See `IsolationRuntime`.
    public func shortcomings(of spec: ContainerSpec) -> [String] {
        NativePlanBuilder.shortcomings(of: spec, host: host)
    }

    /// See `IsolationRuntime`.
    public func renew(_ container: inout PreparedContainer) throws(IsolationError) -> [String] {
        try renewFiles(&container)
        return try ContainerCgroup.limitDevices(of: container, host: host)
    }

    /// All that is no matter of an OCI runtime's.
    func renewFiles(_ container: inout PreparedContainer) throws(IsolationError) {
        let context = container.context
        container.identity = try lookAround(context, NamespaceModes(context.spec))
        try AppArmorProfile.load(for: context.spec, host: host)
        let hostname = NativePlanBuilder.hostname(context.spec, id: context.id, host: host)
        let files = ContainerFiles(context.spec, hostname: hostname, host: host)
        try onHost { () throws(LinuxError) in
            try files.write(to: context.filesDirectory)
            try ShareableMemory.renew(context)
        }
    }

    /// See `IsolationRuntime`.
    public func filter(of spec: ContainerSpec) throws(IsolationError) -> SystemCallFilter {
        let wanted = try FilterRequest(spec, host: host)
        return try filters.filter(
            wanted.security, capabilities: wanted.capabilities, privileged: wanted.privileged)
    }

    /// See `IsolationRuntime`.
    public func knownFilter(of spec: ContainerSpec) -> SystemCallFilter? {
        guard let wanted = try? FilterRequest(spec, host: host) else { return nil }
        return filters.known(wanted.security, capabilities: wanted.capabilities, privileged: wanted.privileged)
    }

    /// What of a specification a filter depends on.
    private struct FilterRequest {
        let security: SecurityOptions
        let capabilities: CapabilitySet
        let privileged: Bool

        init(_ spec: ContainerSpec, host: HostFacts) throws(IsolationError) {
            security = try SecurityOptions(spec.security.options)
            let granted = try CapabilitySet.granted(
                privileged: spec.security.privileged, add: spec.security.capAdd, drop: spec.security.capDrop)
            capabilities = granted.intersection(host.capabilities)
            privileged = spec.security.privileged
        }
    }

    /// See `IsolationRuntime`.
    public func plan(_ container: PreparedContainer) throws(IsolationError) -> LaunchRequest {
        var builder = try NativePlanBuilder(container, host: host)
        guard let first = container.context.spec.process.arguments.first else {
            throw .invalid("no command specified")
        }
        // As a look-up in PATH ends for Docker.
        guard !first.isEmpty else { throw .program("", code: Errno.noSuchFile) }
        var descriptors: [SharedDescriptor] = []
        var places = NativePlanBuilder.Descriptors()
        try open(container, builder.modes, &descriptors, &places)
        let filter =
            if let made = container.filter { made } else {
                try self.filter(of: container.context.spec)
            }
        let plan = try builder.build(filter: filter.program, descriptors: places)
        return LaunchRequest(plan: plan, descriptors: descriptors, warnings: builder.warnings)
    }

    private func open(
        _ container: PreparedContainer, _ modes: NamespaceModes, _ descriptors: inout [SharedDescriptor],
        _ places: inout NativePlanBuilder.Descriptors
    ) throws(IsolationError) {
        if let directory = container.cgroup?.unifiedDirectory {
            places.cgroup = descriptors.count
            descriptors.append(try onHost { () throws(LinuxError) in try SharedDescriptor.directory(directory) })
        }
        if host.hasOwnMounts, case .overlay = container.context.rootfs {
            places.root = descriptors.count
            descriptors.append(try onHost { () throws(LinuxError) in try SharedDescriptor.mount(at: container.rootfs) })
        }
        if host.hasOwnMounts, let path = container.context.mountedSharedMemory {
            places.sharedMemory = descriptors.count
            descriptors.append(try onHost { () throws(LinuxError) in try SharedDescriptor.mount(at: path) })
        }
        if modes.network != .host {
            guard let network = container.network else { throw .invalid("no network namespace to join") }
            places.network = descriptors.count
            descriptors.append(try onHost { () throws(LinuxError) in try network.open() })
        }
        if modes.ipc == .container {
            guard let ipc = container.context.shared.ipc else { throw .invalid("no IPC namespace to join") }
            places.ipc = descriptors.count
            descriptors.append(ipc)
        }
        if modes.pid == .container {
            guard let pid = container.context.shared.pid else { throw .invalid("no PID namespace to join") }
            places.pid = descriptors.count
            descriptors.append(pid)
        }
    }

    /// See `IsolationRuntime`.
    public func plan(
        _ exec: ExecContext, in container: PreparedContainer
    ) throws(IsolationError) -> LaunchRequest {
        let builder = try NativePlanBuilder(container, host: host)
        let spec = container.context.spec
        var identity = container.identity
        if !exec.user.isEmpty { identity = try container.identity(of: exec.user) }
        let capabilities = exec.privileged ? host.capabilities : builder.capabilities
        let filter =
            if let made = exec.filter { made } else { try self.filter(of: spec) }
        var descriptors = [exec.container]
        var cgroup: Int?
        if let directory = container.cgroup?.unifiedDirectory {
            cgroup = 1
            descriptors.append(try onHost { () throws(LinuxError) in try SharedDescriptor.directory(directory) })
        }
        var operations: [Operation] = (container.cgroup?.legacyJoinFiles ?? []).map {
            .writeFile(path: $0, data: "0", optional: false)
        }
        operations.append(.oomScoreAdjust(spec.security.oomScoreAdjust))
        operations += builder.confinement
        operations += [.ownNullDevice, .umask(0o022)]
        let directory = exec.workingDirectory.isEmpty ? spec.process.workingDirectory : exec.workingDirectory
        operations.append(.changeDirectory(path: directory.isEmpty ? "/" : directory, create: false))
        operations += NativePlanBuilder.privileges(
            identity: identity, capabilities: capabilities, noNewPrivileges: builder.security.noNewPrivileges,
            filter: filter.program, joins: true, terminal: exec.terminal)
        let environment = ProcessEnvironment.make(
            requested: ProcessEnvironment.replacing(spec.process.environment, with: exec.environment),
            hostname: builder.hostname, terminal: exec.terminal, home: identity.home)
        operations.append(.execute(arguments: exec.arguments, environment: environment))
        let plan = Plan(
            cgroupDescriptor: cgroup, enterDescriptor: 0, enterFlags: builder.modes.joinFlags, operations: operations)
        return LaunchRequest(plan: plan, descriptors: descriptors)
    }

    /// See `IsolationRuntime`.
    public func groups(of context: LaunchContext) -> [Cgroup] {
        host.cgroups.kind == .absent ? [] : [ContainerCgroup.of(context, host: host)]
    }

    /// See `IsolationRuntime`.
    public func discard(_ context: LaunchContext) throws(IsolationError) {
        var first: LinuxError?
        func attempt(_ step: () throws(LinuxError) -> Void) {
            do {
                try step()
            } catch {
                first = first ?? error
            }
        }
        let directory = context.runDirectory
        attempt { () throws(LinuxError) in try NetworkNamespace(path: context.networkPath).remove() }
        if host.cgroups.kind != .absent {
            attempt { () throws(LinuxError) in try ContainerCgroup.of(context, host: host).remove() }
        }
        attempt { () throws(LinuxError) in try Rootfs.unmount(context.rootfs) }
        attempt { () throws(LinuxError) in try ShareableMemory.remove(context) }
        for path in [ContainerFiles.emptyFile(context), ContainerFiles.initCopy(context)] {
            attempt { () throws(LinuxError) in try HostFile.remove(path) }
        }
        // Older supervisors had all of them here.
        for name in ["hostname", "hosts", "resolv.conf", "empty", "init"] {
            attempt { () throws(LinuxError) in try HostFile.remove(directory + "/" + name) }
        }
        // It may hold files of others.
        try? HostFile.removeDirectory(directory)
        if let first { throw .host(first) }
    }
}
