public import Engine
package import ImageService
public import Images
internal import Isolation
public import Linux
public import Model
public import Supervision

/// Service of containers' files to clients: changes, sizes, tars in and out. A running container is reached through its first
/// process, so that its own mounts are visible; the overlay of a stopped one is mounted for the time of the work.
public struct FileService: Sendable {
    private let images: ImageService
    private let clients: ClientPools

    /// A service on the threads of `clients`.
    package init(images: ImageService, clients: ClientPools) {
        self.images = images
        self.clients = clients
    }

    /// A container in full, with the sizes of its own layer and of all its layers; `nil` sizes where they cannot be read. Refused
    /// with 503 beyond the bound of inquiries.
    public func measured(
        _ reference: String, on engine: isolated Engine
    ) async throws(EngineError) -> ContainerSnapshot {
        var shown = try engine.inspect(reference)
        let upper = shown.paths.upperDirectory
        let image = shown.spec.imageID
        shown.size = try await images.perform { store in
            let writable = upper.isEmpty ? 0 : DirectorySize.bytes(below: upper)
            guard let layers = image.isEmpty ? 0 : try? store.inspect(image).size else { return nil }
            return SizeSnapshot(writable: writable, rootfs: writable.saturatingAdding(layers))
        }
        return shown
    }

    /// Changes of the container's files against its image; empty without an image.
    public func changes(_ reference: String, on engine: isolated Engine) async throws(EngineError) -> [PathChange] {
        let shown = try engine.inspect(reference)
        let (upper, imageID) = (shown.paths.upperDirectory, shown.spec.imageID)
        guard !imageID.isEmpty else { return [] }
        return try await images.perform { store in
            guard HostFile.exists(upper) else { return [] }
            let lowers = try store.containerLayerPaths(try store.resolve(imageID))
            return try ContainerFilesystem.changes(upper: upper, lowers: lowers, tool: store.tool)
        }
    }

    /// Writes the container's file system as a tar; returns when all is written.
    public func export(
        _ reference: String, into output: SharedDescriptor, on engine: isolated Engine
    ) async throws(EngineError) {
        let body: @Sendable (ContainerFilesystem) throws -> Void = { filesystem in
            try filesystem.export(to: BorrowedDescriptor(rawValue: output.rawValue))
        }
        let shown = try engine.inspect(reference)
        // The overlay on the host, where nothing of the container is mounted over it; /proc is no part of an export.
        if try engine.hasGround(reference), !shown.spec.imageID.isEmpty {
            let merged = shown.paths.mergedDirectory
            try await images.transfer { store in try body(ContainerFilesystem(root: merged, tool: store.tool)) }
        } else {
            try await inFilesystem(of: reference, on: engine, pool: clients.transfers, withBinds: false, body)
        }
    }

    /// Attributes of a file in the container.
    public func stat(
        _ reference: String, _ path: PathBytes, on engine: isolated Engine
    ) async throws(EngineError) -> PathStat {
        try await inFilesystem(of: reference, on: engine, pool: clients.inquiries) { filesystem in
            try filesystem.stat(path)
        }
    }

    /// Writes a path of the container as a tar; returns when all is written.
    public func copyOut(
        _ reference: String, _ path: PathBytes, into output: SharedDescriptor, on engine: isolated Engine
    ) async throws(EngineError) {
        try await inFilesystem(of: reference, on: engine, pool: clients.transfers) { filesystem in
            try filesystem.copyOut(path, to: BorrowedDescriptor(rawValue: output.rawValue))
        }
        try engine.emit("archive-path", about: reference)
    }

    /// Unpacks a tar into a directory of the container. `asUser` gives all of it to the container's user, where it names one
    /// (moby, daemon/archive_unix.go `tarCopyOptions`).
    public func copyIn(
        _ reference: String, _ path: PathBytes, from input: SharedDescriptor, _ options: CopyInOptions, asUser: Bool,
        on engine: isolated Engine
    ) async throws(EngineError) {
        let shown = try engine.inspect(reference)
        if let mount = shown.spec.mount(holding: path.text) {
            if mount.readOnly { throw EngineError(.forbidden, "mounted volume is marked read-only") }
        } else if shown.spec.security.readonlyRootfs {
            throw EngineError(.forbidden, "container rootfs is marked read-only")
        }
        let user = asUser ? shown.spec.process.user : ""
        let known = try engine.identity(of: reference)
        try await inFilesystem(of: reference, on: engine, pool: clients.transfers) { filesystem in
            var options = options
            if !user.isEmpty { options.owner = try Self.owner(user, known, in: filesystem) }
            try filesystem.copyIn(path, from: BorrowedDescriptor(rawValue: input.rawValue), options: options)
        }
        try engine.emit("extract-to-dir", about: shown.id.text)
    }

    private static func owner(
        _ user: String, _ known: UserIdentity?, in filesystem: ContainerFilesystem
    ) throws(EngineError) -> CopyInOptions.Owner {
        do {
            let identity = try known ?? UserDatabase(root: filesystem.root).identity(of: user)
            return .init(user: identity.uid, group: identity.gid)
        } catch {
            throw EngineError(.badRequest, "the container's user cannot be told: \(error.sentence)")
        }
    }

    /// Runs work on the mounted file system of a container.
    private func inFilesystem<Value: Sendable>(
        of reference: String, on engine: isolated Engine, pool: any WorkPool, withBinds: Bool = true,
        _ body: @escaping @Sendable (ContainerFilesystem) throws -> Value
    ) async throws(EngineError) -> Value {
        let shown = try engine.inspect(reference)
        let tool = images.store.tool
        if shown.state.pid > 0 {
            let seen = try await mounts(of: shown, on: engine)
            return try await images.perform(on: pool) { _ in try body(ContainerFilesystem(of: seen, tool: tool)) }
        }
        guard !shown.spec.imageID.isEmpty else {
            throw EngineError(.badRequest, "container \(shown.id.text) has no file system of its own")
        }
        return try await inStoppedFilesystem(of: shown, on: engine, pool: pool, withBinds ? shown.spec.binds : [], body)
    }

    /// The mounts of a container's first process, held open so that neither its number nor a link in its tree can change its
    /// meaning.
    private func mounts(
        of shown: ContainerSnapshot, on engine: isolated Engine
    ) async throws(EngineError) -> ProcessMounts {
        let (id, number) = (shown.id, shown.state.pid)
        let seen = try await clients.inquire(on: engine.loop) {
            do throws(LinuxError) {
                return try ProcessMounts(ofProcess: number)
            } catch {
                throw EngineError(.conflict, "container \(id.text) has just ended: \(error.message)")
            }
        }
        // Between the reading of the number and the opening it may have ended, and another have come.
        guard engine.isFirstProcess(number, of: id) else {
            throw EngineError(.conflict, "container \(id.text) has just ended")
        }
        return seen
    }

    /// Runs work on the overlay of a stopped container, mounted here. A start waits until it has been unmounted.
    private func inStoppedFilesystem<Value: Sendable>(
        of shown: ContainerSnapshot, on engine: isolated Engine, pool: any WorkPool,
        _ binds: [ContainerFilesystem.Bind],
        _ body: @escaping @Sendable (ContainerFilesystem) throws -> Value
    ) async throws(EngineError) -> Value {
        let done = try await engine.holdReleased(shown.id.text)
        defer { done.succeed(()) }
        let (paths, imageID) = (shown.paths, shown.spec.imageID)
        return try await images.perform(on: pool) { store in
            let mount = OverlayMount(
                layers: try store.containerLayerPaths(try store.resolve(imageID)), upper: paths.upperDirectory,
                work: paths.workDirectory, target: paths.mergedDirectory)
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
        let binds = mounts.compactMap { mount in
            mount.source.hostPath.map {
                ContainerFilesystem.Bind(source: $0, target: mount.target, readOnly: mount.readOnly)
            }
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
