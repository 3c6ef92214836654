import LaunchPlan
import Linux
import Model

/// Puts a native container's plan together. Pure but for looking at device nodes that were asked for.
struct NativePlanBuilder {
    let container: PreparedContainer
    let host: HostFacts
    let modes: NamespaceModes
    let security: SecurityOptions
    let capabilities: CapabilitySet
    private var operations: [Operation] = []
    private(set) var warnings: [String] = []
    /// Whether /sys/fs/cgroup is the one that every container has.
    private var hasOwnGroups = true

    private var context: LaunchContext { container.context }
    private var spec: ContainerSpec { container.context.spec }

    init(_ container: PreparedContainer, host: HostFacts) throws(IsolationError) {
        self.container = container
        self.host = host
        let spec = container.context.spec
        modes = try NamespaceModes(spec)
        security = try SecurityOptions(spec.security.options)
        let granted = try CapabilitySet.granted(
            privileged: spec.security.privileged, add: spec.security.capAdd, drop: spec.security.capDrop)
        capabilities = granted.intersection(host.capabilities)
        warnings += Self.missing(granted, spec, host)
    }

    /// Which capabilities the host cannot give. A privileged container gets all that there are, whatever that is.
    private static func missing(_ granted: CapabilitySet, _ spec: ContainerSpec, _ host: HostFacts) -> [String] {
        let missing = granted.subtracting(host.capabilities)
        if missing.isEmpty || spec.security.privileged { return [] }
        return ["The host cannot grant \(missing.capabilityNames.joined(separator: ", ")). Left out."]
    }

    /// See `IsolationRuntime`.
    static func shortcomings(of spec: ContainerSpec, host: HostFacts) -> [String] {
        let granted = try? CapabilitySet.granted(
            privileged: spec.security.privileged, add: spec.security.capAdd, drop: spec.security.capDrop)
        let limits = try? ResourceLimit.operations(spec.resources.ulimits, host: host)
        return (granted.map { missing($0, spec, host) } ?? []) + (limits?.warnings ?? [])
            + ContainerFiles.shortcomings(of: spec)
    }

    /// Where the plan's descriptors are.
    struct Descriptors {
        var cgroup: Int?
        /// The root file system, where it is mounted in another namespace than the keeper's.
        var root: Int?
        /// What becomes /dev/shm, likewise.
        var sharedMemory: Int?
        var network: Int?
        var ipc: Int?
        var pid: Int?
    }

    /// All operations, in order. `filter` is the compiled system call filter, if there is one.
    mutating func build(filter: [UInt8]?, descriptors: Descriptors) throws(IsolationError) -> Plan {
        try joinGroupsAndNamespaces(descriptors)
        operations.append(.oomScoreAdjust(spec.security.oomScoreAdjust))
        operations += confinement
        try mountEverything(root: descriptors.root, sharedMemory: descriptors.sharedMemory)
        if spec.process.terminal { operations.append(.consoleInRoot(root: container.rootfs, path: "/dev/console")) }
        closePaths()
        for file in try Sysctls.files(spec.security.sysctls, modes) {
            operations.append(.sysctl(root: container.rootfs, path: file.path, value: file.value))
        }
        operations += [.pivotRoot(root: container.rootfs), .ownNullDevice]
        nameTheHost()
        closeRoot()
        try addLimits()
        operations.append(.umask(0o022))
        let directory = spec.process.workingDirectory.isEmpty ? "/" : spec.process.workingDirectory
        operations.append(.changeDirectory(path: directory, create: true))
        operations += Self.privileges(
            identity: container.identity, capabilities: capabilities, noNewPrivileges: security.noNewPrivileges,
            filter: filter, joins: descriptors.pid != nil, terminal: spec.process.terminal)
        operations.append(.execute(arguments: arguments, environment: environment))
        return Plan(
            namespaces: modes.cloneFlags, cgroupDescriptor: descriptors.cgroup, enterDescriptor: descriptors.pid,
            enterFlags: descriptors.pid == nil ? 0 : NamespaceFlags.pid, operations: operations)
    }

    private mutating func joinGroupsAndNamespaces(_ descriptors: Descriptors) throws(IsolationError) {
        for file in container.cgroup?.legacyJoinFiles ?? [] {
            operations.append(.writeFile(path: file, data: "0", optional: false))
        }
        for descriptor in [descriptors.network, descriptors.ipc] {
            if let descriptor { operations.append(.enterNamespace(descriptor: descriptor)) }
        }
        if modes.cgroup == .own { operations.append(.unshare(flags: NamespaceFlags.cgroup)) }
    }

    private mutating func mountEverything(root descriptor: Int?, sharedMemory: Int?) throws(IsolationError) {
        let root = container.rootfs
        let flags = try rootPropagation()
        operations.append(.propagation(path: "/", flags: flags | MountFlags.recursive))
        if flags == MountFlags.shared {
            operations.append(.propagation(path: holdingMount, flags: MountFlags.private))
        }
        switch context.rootfs {
        case .overlay:
            if let descriptor { operations.append(.attachTree(descriptor: descriptor, target: root)) }
        case .directory, .host:
            operations.append(
                .mount(
                    source: root, target: root, type: "", flags: MountFlags.bind | MountFlags.recursive, data: ""))
        }
        if flags == MountFlags.shared || descriptor != nil {
            operations.append(.propagation(path: root, flags: MountFlags.private))
        }
        if let sharedMemory { attachSharedMemory(sharedMemory, isSeen: flags == MountFlags.shared) }
        var mounts = ContainerMounts(root: root)
        mounts.addKernelFileSystems(spec, modes, context)
        mounts.addCgroups(
            container.cgroup, privileged: spec.security.privileged,
            hostView: modes.cgroup == .host && modes.pid == .host)
        try mounts.addRequested(
            spec.mounts, filesIn: context.filesDirectory, readOnlyFiles: spec.security.readonlyRootfs)
        operations += mounts.mounts.map(\.operation)
        hasOwnGroups = !mounts.isReplaced("/sys/fs/cgroup")
        if wantsInit {
            operations.append(
                .bindInRoot(
                    root: root, source: ContainerFiles.initCopy(context), target: Self.initTarget, recursive: false,
                    attributes: MountFlags.readOnly, propagation: MountFlags.private))
        }
        if !mounts.isReplaced("/dev") {
            operations += try ContainerDevices(spec, root: root, host: host).operations
            operations += ContainerDevices.links(root: root, kernelCore: host.hasKernelCore)
        }
    }

    /// Puts the engine's tmpfs where the engine has it, so that it can be bound from there. `isSeen` where what is mounted in the
    /// namespace would be seen outside as well.
    private mutating func attachSharedMemory(_ descriptor: Int, isSeen: Bool) {
        guard let path = context.mountedSharedMemory else { return }
        if isSeen, let holding = (try? MountTable.current())?.mount(holding: path)?.mountPoint {
            operations.append(.propagation(path: holding, flags: MountFlags.private))
        }
        operations.append(.attachTree(descriptor: descriptor, target: path))
        operations.append(.propagation(path: path, flags: MountFlags.private))
    }

    /// What the host's mounts become in the new namespace: cut off, unless a mount is to see (slave) or to be seen
    /// by (shared) the host.
    private func rootPropagation() throws(IsolationError) -> UInt64 {
        var flags = MountFlags.private
        for mount in spec.mounts where mount.source != .tmpfs {
            let wanted = try ContainerMounts.propagation(mount.propagation) & ~MountFlags.recursive
            if wanted == MountFlags.shared { return MountFlags.shared }
            if wanted == MountFlags.slave { flags = MountFlags.slave }
        }
        return flags
    }

    /// pivot_root(2) wants the mount that the new root is on not to be shared.
    private var holdingMount: String {
        guard let table = try? MountTable.current() else { return "/" }
        if case .overlay = context.rootfs, let slash = container.rootfs.lastIndex(ofByte: "/") {
            return table.mount(holding: String(container.rootfs[..<slash]))?.mountPoint ?? "/"
        }
        return table.mount(holding: container.rootfs)?.mountPoint ?? "/"
    }

    private mutating func nameTheHost() {
        guard modes.uts == .own else { return }
        operations.append(.setHostname(hostname))
        if !spec.domainname.isEmpty { operations.append(.setDomainname(spec.domainname)) }
    }

    /// While the host's /proc is there to name what is open, and before anybody of the container is.
    private mutating func closePaths() {
        if spec.security.privileged || security.openSystemPaths { return }
        let root = container.rootfs
        for path in spec.security.maskedPaths ?? SystemPaths.masked {
            operations.append(.maskInRoot(root: root, path: path, empty: ContainerFiles.emptyFile(context)))
        }
        for path in spec.security.readonlyPaths ?? SystemPaths.readOnly {
            operations.append(.readonlyInRoot(root: root, path: path))
        }
    }

    private mutating func closeRoot() {
        if !spec.security.privileged, hasOwnGroups, let cgroup = container.cgroup, !cgroup.layout.legacy.isEmpty {
            // The directory that holds the hierarchies: they are read-only already.
            operations.append(.remount(path: "/sys/fs/cgroup", flags: MountFlags.readOnly))
        }
        for target in ContainerMounts.readOnlyAlone(spec.mounts) {
            operations.append(.remount(path: target, flags: MountFlags.readOnly))
        }
        if spec.security.readonlyRootfs { operations.append(.remount(path: "/", flags: MountFlags.readOnly)) }
    }

    private mutating func addLimits() throws(IsolationError) {
        let limits = try ResourceLimit.operations(spec.resources.ulimits, host: host)
        operations += limits.operations
        warnings += limits.warnings
    }

    /// no_new_privs, filter, identity, capabilities and session. Without no_new_privs the filter has to be installed while
    /// CAP_SYS_ADMIN is there; with it, as late as can be, so that it need not allow what comes before.
    ///
    /// A process that `joins` others in a PID namespace is born when it has no more rights than it keeps: they may trace it
    /// from then on. A filter that would not let it be born is installed by itself instead.
    static func privileges(
        identity: UserIdentity, capabilities: CapabilitySet, noNewPrivileges: Bool, filter: [UInt8]?, joins: Bool,
        terminal: Bool
    ) -> [Operation] {
        let install = filter.map { [Operation.seccomp(program: $0)] } ?? []
        let session = [.newSession] + (terminal ? [Operation.controllingTerminal] : [])
        // As the kernel itself would on setuid: only the superuser keeps what it may do.
        let held = identity.uid == 0 ? capabilities.rawValue : 0
        let rights: [Operation] = [
            .identity(uid: identity.uid, gid: identity.gid, groups: identity.groups),
            .capabilities(
                bounding: capabilities.rawValue, effective: held, permitted: held, inheritable: 0, ambient: 0),
        ]
        if noNewPrivileges {
            return (joins ? [] : session) + [.noNewPrivileges] + rights + (joins ? [.birth] + session : []) + install
        }
        if joins, filter.map({ SeccompVerdict($0).letsAProcessBeBorn }) ?? true {
            return install + rights + [.birth] + session
        }
        return (joins ? [.birth] : []) + session + install + rights
    }

    static let initTarget = "/sbin/docker-init"

    private var wantsInit: Bool { Self.wantsInit(context, modes) }

    static func wantsInit(_ context: LaunchContext, _ modes: NamespaceModes) -> Bool {
        context.spec.initProcess == true && !context.initPath.isEmpty && modes.pid == .own
    }

    private var arguments: [String] {
        wantsInit ? [Self.initTarget, "--"] + spec.process.arguments : spec.process.arguments
    }

    /// The name the container goes by: its own, the host's when it is on the host's network, else its short ID.
    var hostname: String { Self.hostname(spec, id: context.id, host: host) }

    static func hostname(_ spec: ContainerSpec, id: ContainerID, host: HostFacts) -> String {
        if !spec.hostname.isEmpty { return spec.hostname }
        let sharesHost = spec.network.mode == .host || spec.namespaces.uts == .host
        return sharesHost && !host.hostname.isEmpty ? host.hostname : id.short
    }

    var environment: [String] {
        ProcessEnvironment.make(
            requested: spec.process.environment, hostname: hostname, terminal: spec.process.terminal,
            home: container.identity.home)
    }
}
