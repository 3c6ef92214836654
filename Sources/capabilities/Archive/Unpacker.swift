public import Linux

/// What unpacking into a directory means for owners, whiteouts and what is already there.
public enum UnpackStyle: Hashable, Sendable {
    /// An image layer into an empty directory: whiteouts become overlayfs' own.
    case layer
    /// Into a container: Docker's archive PUT.
    case container(noOverwriteDirNonDir: Bool, user: UInt32?, group: UInt32?)
    /// Ordinary files only, without owners and modes: the outer tar of `docker save`.
    case plain

    /// Whether it is a copy by a client, who also has tars that end without the closing blocks, and whose connection tells when one
    /// breaks off.
    var isCopy: Bool { if case .container = self { true } else { false } }
}

/// What was unpacked.
public struct UnpackResult: Hashable, Sendable {
    /// SHA-256 of the uncompressed tar, 64 digits.
    public var digest = ""
    /// Bytes of the uncompressed tar.
    public var tarBytes: Int64 = 0
    /// Bytes of regular files and of the targets of symbolic links, which is what Docker calls an image's size.
    public var fileBytes: Int64 = 0
    /// Entries read.
    public var entries: Int64 = 0
}

/// Makes a tar's entries inside a root, never through libarchive's own disk writer.
public struct Unpacker: ~Copyable {
    let root: RootDirectory
    let style: UnpackStyle
    let limits: UnpackLimits
    let marks: any OpaqueMarks
    var result = UnpackResult()
    /// Directory times are set last, as making entries changes them.
    var directoryTimes: [(path: EntryPath, modified: FileStatus.Time)] = []

    /// Unpacks below `root`.
    public init(
        root: consuming RootDirectory, style: UnpackStyle, limits: UnpackLimits = .init(),
        marks: any OpaqueMarks = OwnOpaqueMarks()
    ) {
        self.marks = marks
        self.root = root
        self.style = style
        self.limits = limits
    }

    /// Reads a tar to its end, keeping its uncompressed bytes zstd-compressed in `keep` when that is given.
    ///
    /// On an error what was made so far stays: the caller unpacks beside the place and renames.
    public mutating func run(
        from input: BorrowedDescriptor, keep: BorrowedDescriptor? = nil
    ) throws(ArchiveError) -> UnpackResult {
        var output: CompressedOutput?
        if let keep { output = try CompressedOutput(descriptor: keep.rawValue, path: "layer") }
        let tar = try TarInput(
            descriptor: input.rawValue, keep: output, limit: limits.totalBytes, needsEnd: !style.isCopy)
        while let entry = try tar.next() {
            result.entries += 1
            guard result.entries <= limits.entries else {
                throw .bound(name: "entries", limit: limits.entries, path: entry.text)
            }
            try unpack(entry, from: tar)
        }
        try setDirectoryTimes()
        result.digest = try tar.finish()
        result.tarBytes = tar.totalBytes
        return result
    }

    private mutating func unpack(_ entry: TarEntry, from tar: TarInput) throws(ArchiveError) {
        guard let path = EntryPath(entry.path) else { throw .escape(path: entry.text) }
        guard entry.size <= limits.totalBytes else {
            throw .bound(name: "bytes in all", limit: limits.totalBytes, path: entry.text)
        }
        if path.isRoot {
            try unpackRoot(entry)
            return
        }
        if style == .layer {
            for component in path.components.dropLast() where component.starts(with: Whiteout.prefix) {
                if component.starts(with: Whiteout.prefix + Whiteout.prefix) { return }
                throw .damaged(path: entry.text, reason: "a whiteout is used as a directory")
            }
            if let whiteout = Whiteout(name: path.name) {
                try apply(whiteout, path)
                return
            }
        }
        let parent = try ensureDirectory(path.parent)
        guard try makeRoom(for: entry, path, in: parent) else { return }
        try make(entry, path, in: parent, from: tar)
    }

    private mutating func unpackRoot(_ entry: TarEntry) throws(ArchiveError) {
        guard entry.kind == .directory else { throw .escape(path: entry.text) }
        guard style == .layer else { return }
        let own = try root.openDirectory(.root)
        try applyAttributes(entry, .root, own)
        directoryTimes.append((.root, entry.modified))
    }

    /// Opens a directory, making what is missing of it with mode 0755.
    private func ensureDirectory(_ path: EntryPath) throws(ArchiveError) -> OwnedDescriptor {
        do {
            return try root.openDirectory(path)
        } catch {
            switch error {
            case .notFound where !path.isRoot, .notADirectory where !path.isRoot: break
            default: throw error
            }
        }
        let parent = try ensureDirectory(path.parent)
        let status = try statusOfName(path.name, in: parent)
        let wasWhiteout = style == .layer && status?.isWhiteout == true
        if wasWhiteout { try removeTree(path.name, in: parent) }
        if status != nil, !wasWhiteout { throw .notADirectory(path: path.text) }
        let place = DirectoryEntry(path.name, in: parent.borrowed)
        try ArchiveError.attempt("mkdir", path.text) { () throws(LinuxError) in try place.makeDirectory(mode: 0o755) }
        let made = try root.openDirectory(path)
        if wasWhiteout { try marks.mark(made, path) }
        return made
    }

    private func apply(_ whiteout: Whiteout, _ path: EntryPath) throws(ArchiveError) {
        let parent = try ensureDirectory(path.parent)
        switch whiteout {
        case .metadata: return
        case .opaque: try marks.mark(parent, path.parent)
        case .removes(let name):
            guard !name.isEmpty, name != [0x2E], name != [0x2E, 0x2E] else { throw .escape(path: path.text) }
            // A whiteout hides only what lies below this layer: the layer's own entry of that name stays.
            if let status = try statusOfName(name, in: parent) {
                guard status.isDirectory else { return }
                let hidden = path.parent.appending(name)
                try marks.mark(try root.openDirectory(hidden), hidden)
                return
            }
            let place = DirectoryEntry(name, in: parent.borrowed)
            try ArchiveError.attempt("mknod", path.text) { () throws(LinuxError) in
                try place.makeNode(.characterDevice, mode: 0)
            }
        }
    }

    /// Takes away what an entry replaces. `false` when there is nothing left to make.
    private func makeRoom(
        for entry: TarEntry, _ path: EntryPath, in parent: borrowing OwnedDescriptor
    ) throws(ArchiveError) -> Bool {
        guard let status = try statusOfName(path.name, in: parent) else { return true }
        let isDirectory = entry.kind == .directory
        if status.isDirectory, isDirectory { return true }
        if case .container(noOverwriteDirNonDir: true, _, _) = style {
            if status.isDirectory {
                throw .conflict(
                    path: path.text,
                    message: "cannot overwrite directory \"\(path.text)\" with non-directory \"\(entry.text)\"")
            }
            if isDirectory {
                throw .conflict(
                    path: path.text,
                    message: "cannot overwrite non-directory \"\(path.text)\" with directory \"\(entry.text)\"")
            }
        }
        // A hard link to itself would remove what it links to.
        if case .hardLink(let target) = entry.kind, EntryPath(target) == path { return false }
        let hidesLower = style == .layer && status.isWhiteout && isDirectory
        try removeTree(path.name, in: parent)
        if hidesLower {
            let place = DirectoryEntry(path.name, in: parent.borrowed)
            try ArchiveError.attempt("mkdir", path.text) { () throws(LinuxError) in
                try place.makeDirectory(mode: 0o755)
            }
            try marks.mark(try root.openDirectory(path), path)
        }
        return true
    }

    private func setDirectoryTimes() throws(ArchiveError) {
        for (path, modified) in directoryTimes.reversed() {
            // The directory may have been replaced by a later entry.
            guard let directory = try? root.open(path.bytes, [.directory, .noFollow]) else { continue }
            try? directory.borrowed.setTimes(modified)
        }
    }
}
