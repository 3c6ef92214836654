import Glibc
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
        try Rootfs.checkKernelPlaces(in: rootfs)
        let database = try onHost { () throws(LinuxError) in try UserDatabase(root: rootfs) }
        let identity: UserIdentity
        do {
            identity = try database.identity(of: spec.process.user, additionalGroups: spec.process.additionalGroups)
        } catch {
            throw .user(error)
        }
        try Rootfs.makeWorkingDirectory(spec.process.workingDirectory, in: rootfs)
        try Rootfs.checkBindSources(spec.mounts)
        let hostname = NativePlanBuilder.hostname(spec, id: context.id, host: host)
        let files = ContainerFiles(spec, hostname: hostname, host: host)
        try onHost { () throws(LinuxError) in
            try files.write(to: context.runDirectory)
            if NativePlanBuilder.wantsInit(context, modes) { try ContainerFiles.copyInit(context) }
        }
        var prepared = PreparedContainer(
            context: context, rootfs: rootfs, cgroup: nil, network: nil, identity: identity, warnings: [])
        try ContainerCgroup.prepare(&prepared, host: host, rootfs: rootfs)
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
    public func plan(_ container: PreparedContainer) throws(IsolationError) -> LaunchRequest {
        var builder = try NativePlanBuilder(container, host: host)
        guard let first = container.context.spec.process.arguments.first, !first.isEmpty else {
            throw .invalid("no command specified")
        }
        var descriptors: [SharedDescriptor] = []
        var places = NativePlanBuilder.Descriptors()
        try open(container, builder.modes, &descriptors, &places)
        let filter = try filters.filter(
            security: builder.security, capabilities: builder.capabilities,
            privileged: container.context.spec.security.privileged)
        let plan = try builder.build(filter: filter, descriptors: places)
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
        guard let first = exec.arguments.first, !first.isEmpty else { throw .invalid("No exec command specified") }
        let builder = try NativePlanBuilder(container, host: host)
        let spec = container.context.spec
        var identity = container.identity
        if !exec.user.isEmpty {
            do {
                identity = try UserDatabase(root: container.rootfs).identity(of: exec.user)
            } catch let error as UserLookupError {
                throw .user(error)
            } catch {
                throw .invalid("\(error)")
            }
        }
        let capabilities = exec.privileged ? host.capabilities : builder.capabilities
        let filter = try filters.filter(
            security: builder.security, capabilities: capabilities,
            privileged: exec.privileged || spec.security.privileged)
        var descriptors = [exec.container]
        var cgroup: Int?
        if let directory = container.cgroup?.unifiedDirectory {
            cgroup = 1
            descriptors.append(try onHost { () throws(LinuxError) in try SharedDescriptor.directory(directory) })
        }
        var operations: [Operation] = (container.cgroup?.legacyJoinFiles ?? []).map {
            .writeFile(path: $0, data: "0", optional: false)
        }
        operations += [.oomScoreAdjust(spec.security.oomScoreAdjust), .ownNullDevice, .umask(0o022)]
        let directory = exec.workingDirectory.isEmpty ? spec.process.workingDirectory : exec.workingDirectory
        operations.append(.changeDirectory(path: directory.isEmpty ? "/" : directory, create: false))
        operations += NativePlanBuilder.privileges(
            identity: identity, capabilities: capabilities, noNewPrivileges: builder.security.noNewPrivileges,
            filter: filter, joins: true, terminal: exec.terminal)
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
        for name in ["hostname", "hosts", "resolv.conf", "empty", "init"] {
            attempt { () throws(LinuxError) in try HostFile.remove(directory + "/" + name) }
        }
        // It may hold files of others.
        try? HostFile.removeDirectory(directory)
        if let first { throw .host(first) }
    }
}
