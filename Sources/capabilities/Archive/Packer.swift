public import Linux

/// What overlayfs' marks become in a tar.
public enum PackStyle: Hashable, Sendable {
    /// A tree as it is seen: a merged overlay.
    case merged
    /// An overlay's upper directory as an image layer: whiteouts become `.wh.` files.
    case layer
}

/// Writes a tree as a tar without following a link, whoever changes it meanwhile.
public struct Packer: ~Copyable {
    private let root: RootDirectory
    private let style: PackStyle
    private let output: TarOutput
    private let marks: any OpaqueMarks
    /// First name of each file that has several, by device and inode.
    private var linked: [FileIdentity: [UInt8]] = [:]
    /// Whether the path that was asked for is a single file: one that cannot be read is then an error.
    private var isSingleFile = false

    private struct FileIdentity: Hashable {
        let device: UInt64
        let inode: UInt64
    }

    /// Packs what is below `root`.
    public init(
        root: consuming RootDirectory, style: PackStyle, to output: BorrowedDescriptor,
        marks: any OpaqueMarks = OwnOpaqueMarks()
    ) throws(ArchiveError) {
        self.root = root
        self.style = style
        self.marks = marks
        self.output = try TarOutput(descriptor: output.rawValue)
    }

    /// The whole root, its entries without a leading directory, as `export` writes them.
    public mutating func packAll() throws(ArchiveError) {
        let directory = try root.openDirectory(.root)
        try packChildren(of: directory, prefix: [])
        try output.finish()
    }

    /// One path with all below it, named by the path's last element as typed (moby, daemon/archive.go): `/etc` gives
    /// `etc/…`, `/etc/.` gives `./…`, `/` gives `/…`. A last link is followed only when a `/` follows it.
    public mutating func pack(path typed: [UInt8]) throws(ArchiveError) {
        let asked = AskedPath(typed)
        if asked.followsLast {
            try packTree(try root.openDirectory(asked.path), name: asked.name)
        } else {
            let parent = try root.openDirectory(asked.path.parent)
            guard let status = try statusOfName(asked.path.name, in: parent) else {
                throw .notFound(path: asked.path.text)
            }
            if status.isDirectory {
                let directory = try root.open(asked.path.bytes, [.directory, .noFollow])
                try packTree(directory, name: asked.name)
            } else {
                isSingleFile = true
                try packName(asked.path.name, as: asked.name, status, in: parent.borrowed)
            }
        }
        try output.finish()
    }

    private mutating func packTree(_ directory: borrowing OwnedDescriptor, name: [UInt8]) throws(ArchiveError) {
        let slash: [UInt8] = name == [0x2F] ? name : name + [0x2F]
        try PathBound.check(below: directory, prefix: slash)
        try packDirectory(directory.borrowed, name: slash)
        try packChildren(of: directory, prefix: slash, isChecked: true)
    }

    /// The directory itself; `name` ends in a slash.
    private mutating func packDirectory(_ directory: BorrowedDescriptor, name: [UInt8]) throws(ArchiveError) {
        let status = try ArchiveError.attempt("stat", Self.text(name)) { () throws(LinuxError) in
            try FileStatus(of: directory)
        }
        var header = TarOutput.Header(name: name, status: status)
        header.attributes = attributes(of: directory)
        try output.begin(header)
        if style == .layer, marks.isMarked(directory) {
            try output.begin(TarOutput.Header(name: name + Whiteout.opaqueName, .regular, permissions: 0o600))
        }
    }

    /// All below a directory, however deep, by a list of what is still to be done and not by calls within calls.
    private mutating func packChildren(
        of directory: borrowing OwnedDescriptor, prefix: [UInt8], isChecked: Bool = false
    ) throws(ArchiveError) {
        if !isChecked { try PathBound.check(below: directory, prefix: prefix) }
        var walk = try TreeWalk(directory)
        var path = prefix
        // Of each directory on the way down: the names still to be packed, the next one last, and the length of its own path.
        var waiting = [(names: Array(try names(in: walk.current).reversed()), length: path.count)]
        while let level = waiting.indices.last {
            path.removeLast(path.count - waiting[level].length)
            guard let name = waiting[level].names.popLast() else {
                waiting.removeLast()
                if !waiting.isEmpty { try walk.leave() }
                continue
            }
            path += name
            try PathBound.check(path)
            guard let status = try statusOfName(name, in: walk.current) else { continue }
            guard status.isDirectory else {
                try packName(name, as: path, status, in: walk.current)
                continue
            }
            guard try walk.enter(name) else { continue }
            path.append(0x2F)
            try packDirectory(walk.current, name: path)
            waiting.append((Array(try names(in: walk.current).reversed()), path.count))
        }
    }

    private mutating func packName(
        _ name: [UInt8], as full: [UInt8], _ status: FileStatus, in parent: BorrowedDescriptor
    ) throws(ArchiveError) {
        let entry = DirectoryEntry(name, in: parent)
        if style == .layer, status.isWhiteout {
            let marked = Array(full.dropLast(name.count)) + Whiteout.prefix + name
            try output.begin(TarOutput.Header(name: marked, .regular, permissions: 0o600))
            return
        }
        var header = TarOutput.Header(name: full, status: status)
        switch status.kind {
        case .socket: return
        case .regular:
            guard let file = try Self.open(entry, full) else { return }
            // Something else was put in its place meanwhile.
            guard let now = try? FileStatus(of: file.borrowed), now.kind == .regular else { return }
            header = TarOutput.Header(name: full, status: now)
            try packFile(file, &header, now)
        case .symbolicLink:
            do throws(LinuxError) { header.symbolicLink = try entry.target() } catch {
                // Something else was put in its place meanwhile.
                if [Errno.noSuchFile, Errno.invalidArgument].contains(error.code) { return }
                throw .system(operation: "readlink", path: Self.text(full), errno: error.code)
            }
            try output.begin(header)
        default: try output.begin(header)
        }
    }

    /// `nil` when it is not there any more, or is a symbolic link now.
    private static func open(_ entry: DirectoryEntry, _ path: [UInt8]) throws(ArchiveError) -> OwnedDescriptor? {
        do throws(LinuxError) { return try entry.open([.nonBlocking, .noControllingTerminal]) } catch {
            if [Errno.noSuchFile, Errno.tooManyLinks].contains(error.code) { return nil }
            throw .system(operation: "open", path: text(path), errno: error.code)
        }
    }

    private static func text(_ path: [UInt8]) -> String { String(decoding: path, as: UTF8.self) }

    private mutating func packFile(
        _ file: borrowing OwnedDescriptor, _ header: inout TarOutput.Header, _ status: FileStatus
    ) throws(ArchiveError) {
        if status.linkCount > 1 {
            let identity = FileIdentity(device: status.device, inode: status.inode)
            if let first = linked[identity] {
                header.hardLink = first
                try output.begin(header)
                return
            }
            linked[identity] = header.name
        }
        header.attributes = attributes(of: file.borrowed)
        guard status.size > SmallContent.told else {
            try packSmallFile(file.borrowed, &header)
            return
        }
        try output.begin(header)
        try copy(file.borrowed, Self.text(header.name), count: header.size) { (bytes) throws(ArchiveError) in
            try output.write(bytes)
        }
    }

    /// In a tree, a file that says that it is empty and cannot be read is left out, as moby does.
    private mutating func packSmallFile(
        _ file: BorrowedDescriptor, _ header: inout TarOutput.Header
    ) throws(ArchiveError) {
        let content: SmallContent
        do throws(ArchiveError) {
            content = try SmallContent(of: file, Self.text(header.name), told: header.size)
        } catch {
            guard header.size == 0, !isSingleFile else { throw error }
            linked = linked.filter { $0.value != header.name }
            return
        }
        header.size = Int64(content.bytes.count)
        try output.begin(header)
        try output.write(content.bytes)
    }

    private func attributes(of file: BorrowedDescriptor) -> [(name: String, value: [UInt8])] {
        ExtendedAttribute.names(of: file).sorted().filter(Unpacker.isAccepted).compactMap { name in
            ExtendedAttribute.value(name, of: file).map { (name, $0) }
        }
    }
}

/// Reads at most `count` bytes of a file, block by block; a file that became shorter ends early.
func copy(
    _ file: BorrowedDescriptor, _ path: String, count: Int64,
    _ body: (UnsafeRawBufferPointer) throws(ArchiveError) -> Void
) throws(ArchiveError) {
    var buffer = [UInt8](repeating: 0, count: 256 << 10)
    var left = count
    while left > 0 {
        let wanted = min(buffer.count, Int(clamping: left))
        let got = try ArchiveError.attempt("read", path) { () throws(LinuxError) in
            try file.read(into: &buffer, atMost: wanted)
        }
        if got == 0 { return }
        left -= Int64(got)
        let outcome: Result<Void, ArchiveError> = buffer.withUnsafeBytes { bytes in
            do throws(ArchiveError) {
                try body(UnsafeRawBufferPointer(rebasing: bytes[..<got]))
                return .success(())
            } catch {
                return .failure(error)
            }
        }
        try outcome.get()
    }
}
