public import Images
public import Linux
public import Model
public import Supervision

// Files of a container: compared, packed, unpacked.
extension Engine {
    /// Changes of the container's files against its image; empty without an image.
    public func changes(_ reference: String) async throws(EngineError) -> [PathChange] {
        let container = try containers.resolve(reference)
        guard !container.spec.imageID.isEmpty else { return [] }
        let upper = store.directory(of: container.id) + "/rootfs/diff"
        let imageID = container.spec.imageID
        return try await images.perform { store in
            guard HostFile.exists(upper) else { return [] }
            let lowers = try store.containerLayerPaths(try store.resolve(imageID))
            let changes = try ContainerFilesystem.changes(upper: upper, lowers: lowers, tool: store.tool)
            return Self.withoutMountPoints(changes)
        }
    }

    /// Removes the mount points that every start makes, as Docker has them in a layer below the container's own. A directory with
    /// other changes was there before, and counts as modified.
    static func withoutMountPoints(_ changes: [PathChange]) -> [PathChange] {
        let files: Set<String> = ["/etc/hostname", "/etc/hosts", "/etc/resolv.conf"]
        let directories: Set<String> = ["/dev", "/etc", "/proc", "/sys"]
        let others = changes.filter { !($0.kind == .added && files.contains($0.path)) }
        let hadFiles = others.count < changes.count
        return others.compactMap { change in
            guard directories.contains(change.path) else { return change }
            let holdsMore = others.contains { $0.path.hasPrefix(change.path + "/") }
            switch change.kind {
            case .added: return holdsMore ? PathChange(kind: .modified, path: change.path) : nil
            case .modified: return holdsMore || !hadFiles || change.path != "/etc" ? change : nil
            case .deleted: return change
            }
        }
    }

    /// Writes the container's file system as a tar; returns when all is written.
    public func export(_ reference: String, into output: SharedDescriptor) async throws(EngineError) {
        let container = try containers.resolve(reference)
        let body: @Sendable (ContainerFilesystem) throws -> Void = { filesystem in
            try filesystem.export(to: BorrowedDescriptor(rawValue: output.rawValue))
        }
        // The overlay on the host, where nothing of the container is mounted over it; /proc is no part of an export.
        if container.ground.prepared != nil, !container.spec.imageID.isEmpty {
            let merged = store.directory(of: container.id) + "/rootfs/merged"
            try await images.transfer { store in try body(ContainerFilesystem(root: merged, tool: store.tool)) }
        } else {
            try await inFilesystem(of: reference, on: clients.transfers, body)
        }
    }

    /// Attributes of a file in the container.
    public func statPath(_ reference: String, _ path: String) async throws(EngineError) -> PathStat {
        try await inFilesystem(of: reference, on: clients.inquiries) { filesystem in try filesystem.stat(path) }
    }

    /// Writes a path of the container as a tar; returns when all is written.
    public func copyOut(
        _ reference: String, _ path: String, into output: SharedDescriptor
    ) async throws(EngineError) {
        try await inFilesystem(of: reference, on: clients.transfers) { filesystem in
            try filesystem.copyOut(path, to: BorrowedDescriptor(rawValue: output.rawValue))
        }
        emitContainer("archive-path", try containers.resolve(reference))
    }

    /// Unpacks a tar into a directory of the container.
    public func copyIn(
        _ reference: String, _ path: String, from input: SharedDescriptor, _ options: CopyInOptions
    ) async throws(EngineError) {
        let container = try containers.resolve(reference)
        if let mount = container.spec.mount(holding: path) {
            if mount.readOnly { throw EngineError(.forbidden, "mounted volume is marked read-only") }
        } else if container.spec.security.readonlyRootfs {
            throw EngineError(.forbidden, "container rootfs is marked read-only")
        }
        try await inFilesystem(of: reference, on: clients.transfers) { filesystem in
            try filesystem.copyIn(path, from: BorrowedDescriptor(rawValue: input.rawValue), options: options)
        }
        emitContainer("extract-to-dir", container)
    }

    /// Runs work on the mounted file system of a container. A running one is reached through its first process, so that its own
    /// mounts are visible. For a stopped one the overlay is mounted for the time of the work.
    private func inFilesystem<Value: Sendable>(
        of reference: String, on pool: any WorkPool,
        _ body: @escaping @Sendable (ContainerFilesystem) throws -> Value
    ) async throws(EngineError) -> Value {
        let container = try containers.resolve(reference)
        let tool = images.store.tool
        if let pid = firstProcess(of: container) {
            let seen = try await mounts(of: container, process: pid)
            return try await images.perform(on: pool) { _ in try body(ContainerFilesystem(of: seen, tool: tool)) }
        }
        guard !container.spec.imageID.isEmpty else {
            throw EngineError(.badRequest, "container \(container.id.text) has no file system of its own")
        }
        return try await inStoppedFilesystem(of: container, on: pool, body)
    }

    /// The mounts of a container's first process, held open so that neither its number nor a link in its tree can change its
    /// meaning.
    private func mounts(of container: Container, process number: Int) async throws(EngineError) -> ProcessMounts {
        let id = container.id
        let seen = try await inquire {
            do throws(LinuxError) {
                return try ProcessMounts(ofProcess: number)
            } catch {
                throw EngineError(.conflict, "container \(id.text) has just ended: \(error)")
            }
        }
        // Between the reading of the number and the opening it may have ended, and another have come.
        guard firstProcess(of: container) == number, container.run?.pidfd.map(ProcessMounts.hasEnded) != true
        else {
            throw EngineError(.conflict, "container \(container.id.text) has just ended")
        }
        return seen
    }

    /// Runs work on the overlay of a stopped container, mounted here. A start waits until it has been unmounted.
    private func inStoppedFilesystem<Value: Sendable>(
        of container: Container, on pool: any WorkPool,
        _ body: @escaping @Sendable (ContainerFilesystem) throws -> Value
    ) async throws(EngineError) -> Value {
        while let released = container.ground.released { try? await released.get() }
        let done = hold(container)
        defer { done.succeed(()) }
        let imageID = container.spec.imageID
        let directory = store.directory(of: container.id) + "/rootfs"
        let binds = container.spec.binds
        return try await images.perform(on: pool) { store in
            let mount = OverlayMount(
                layers: try store.containerLayerPaths(try store.resolve(imageID)), upper: directory + "/diff",
                work: directory + "/work", target: directory + "/merged")
            for path in [mount.upper, mount.work, mount.target] { try HostFile.makeDirectories(path) }
            let mounted = mount.isMounted
            if !mounted { try mount.mount() }
            defer { if !mounted { try? mount.unmount() } }
            let present = binds.filter { HostFile.exists($0.source) }
            return try body(ContainerFilesystem(root: mount.target, binds: present, tool: store.tool))
        }
    }
}

extension ContainerSpec {
    /// Bind mounts of the host's files, parents before children.
    fileprivate var binds: [ContainerFilesystem.Bind] {
        let binds = mounts.filter { $0.kind == .bind }.map {
            ContainerFilesystem.Bind(source: $0.source, target: $0.target, readOnly: $0.readOnly)
        }
        return binds.sorted { $0.target.utf8.count < $1.target.utf8.count }
    }

    /// The deepest mount that a path lies in, by its text.
    fileprivate func mount(holding path: String) -> MountSpec? {
        let path = ContainerPath.cleaned(path)
        let holding = mounts.filter { ContainerPath.isInside(path, $0.target) }
        return holding.max { $0.target.utf8.count < $1.target.utf8.count }
    }
}
