internal import Linux
public import Model
internal import Synchronization

/// The images of one supervisor: content-addressed layers and configurations, and their names.
///
/// Every call is synchronous and may block on the disk; calls may come from several threads at once. What was
/// acknowledged is on disk. On disk below `root`:
///
///     images/sha256/HEX.json          configuration, its exact bytes; HEX is the image's identity
///     layers/sha256/HEX/              diff/ (overlay form), tar.zst (the exact tar), layer.json; HEX is the diff ID
///     layers/l/SHORT                  link to ../sha256/HEX/diff: short names for mount options
///     layers/init/SHORT/              the init layer of an image's containers; SHORT is the first half of its HEX
///     repositories.json               names to identities
///     tmp/                            unfinished work, emptied at open
public final class ImageStore: Sendable {
    /// Where everything is.
    public let root: String
    /// The program that reads and writes archives.
    public let tool: ArchiveTool
    /// Files that were found damaged at open and set aside, with the reason; never dropped in silence.
    public let setAside: [String]

    let clock: @Sendable () -> WallTime
    let state: Mutex<ImageState>
    /// The state as the last change left it; its lock is never held over the disk.
    let published: Mutex<ImageState>
    /// The image of each container, also of one that is still being made. Taken within `state` or alone; what takes an image away
    /// and what claims one both hold `state`.
    let claims = Mutex<[String: ImageID]>([:])

    /// Opens or creates a store and removes what a crash left unfinished.
    public convenience init(root: String, archiveTool: String) throws(ImageError) {
        try self.init(root: root, archiveTool: archiveTool, clock: { WallTime.now })
    }

    /// The same with a clock of one's own.
    public init(
        root: String, archiveTool: String, clock: @escaping @Sendable () -> WallTime
    ) throws(ImageError) {
        self.root = root
        self.tool = ArchiveTool(path: archiveTool)
        self.clock = clock
        var damaged: [String] = []
        let loaded = try ImageState.open(root: root, setAside: &damaged)
        self.setAside = damaged
        self.state = Mutex(loaded)
        self.published = Mutex(loaded)
    }

    /// Runs `body` with the state alone. Only quick work: no archive is read or written inside.
    func locked<Result: Sendable>(
        _ body: (inout ImageState) throws(ImageError) -> Result
    ) throws(ImageError) -> Result {
        try state.withLock { (state: inout ImageState) throws(ImageError) -> Result in
            defer {
                var present = ImageState(root: state.root)
                (present.images, present.names) = (state.images, state.names)
                published.withLock { $0 = present }
            }
            return try body(&state)
        }
    }

    /// The identity behind what a user typed: a name (`latest` when it has no tag), a full or short identity.
    ///
    /// Errors: `invalidReference`, `noSuchImage`.
    public func resolve(_ typed: String) throws(ImageError) -> ImageID {
        try locked { (state) throws(ImageError) in try state.resolve(typed) }
    }

    /// Gives an image one more name; a name that pointed elsewhere moves.
    ///
    /// Returns the image's identity. Errors: `noSuchImage`, `invalidReference`.
    @discardableResult
    public func tag(_ source: String, as reference: ImageReference) throws(ImageError) -> ImageID {
        do throws(ImageReference.Invalid) { try reference.checkAsName() } catch { throw .invalidReference(error) }
        let now = clock()
        return try locked { (state) throws(ImageError) in
            let id = try state.resolve(source)
            var names = state.names
            names.point(reference.withDefaultTag, to: id, at: now)
            try state.replaceNames(names)
            return id
        }
    }

    /// The `diff` directories of an image's layers, top one first, as overlayfs wants them in `lowerdir`.
    /// Short links where they exist: a mount option string is at most a page. Never empty: an image without layers has
    /// an empty directory.
    public func layerPaths(_ id: ImageID) throws(ImageError) -> [String] {
        let layers = try locked { (state) throws(ImageError) in try state.image(id).document.layers }
        return LayerStore(root: root).lowerDirectories(of: layers)
    }

    /// The directories below a container's own layer, top one first: those of its image, under the init layer, which is made when
    /// it is not there.
    public func containerLayerPaths(_ id: ImageID) throws(ImageError) -> [String] {
        let layers = try layerPaths(id)
        return [try initLayer(of: id, over: layers)] + layers
    }
}
