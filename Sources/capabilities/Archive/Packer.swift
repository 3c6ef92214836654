internal import CArchive
internal import Glibc
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

    private struct FileIdentity: Hashable {
        let device: dev_t
        let inode: ino_t
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
                let directory = try root.open(asked.path.bytes, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
                try packTree(directory, name: asked.name)
            } else {
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
        var status = stat()
        guard fstat(directory.rawValue, &status) == 0 else {
            throw .system(operation: "stat", path: Self.text(name), errno: errno)
        }
        var header = TarOutput.Header(name: name, status: status)
        header.attributes = attributes(of: directory)
        try output.begin(header)
        if style == .layer, marks.isMarked(directory) {
            try output.begin(TarOutput.Header(name: name + Whiteout.opaqueName, mode: S_IFREG | 0o600))
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
        _ name: [UInt8], as full: [UInt8], _ status: stat, in parent: BorrowedDescriptor
    ) throws(ArchiveError) {
        let number = parent.rawValue
        if style == .layer, status.isWhiteout {
            let marked = Array(full.dropLast(name.count)) + Whiteout.prefix + name
            try output.begin(TarOutput.Header(name: marked, mode: S_IFREG | 0o600))
            return
        }
        var header = TarOutput.Header(name: full, status: status)
        switch status.kind {
        case S_IFSOCK: return
        case S_IFREG:
            let flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC
            let opened = name.withCString { openat(number, $0, flags) }
            if opened < 0, errno == ENOENT || errno == ELOOP { return }
            guard opened >= 0 else { throw .system(operation: "open", path: Self.text(full), errno: errno) }
            let file = OwnedDescriptor(adopting: opened)
            var now = stat()
            // Something else was put in its place meanwhile.
            guard fstat(opened, &now) == 0, now.kind == S_IFREG else { return }
            header = TarOutput.Header(name: full, status: now)
            try packFile(file, &header, now)
        case S_IFLNK:
            var target = [CChar](repeating: 0, count: Int(PATH_MAX))
            let count = name.withCString { readlinkat(number, $0, &target, target.count) }
            if count < 0, errno == ENOENT || errno == EINVAL { return }
            guard count >= 0 else { throw .system(operation: "readlink", path: Self.text(full), errno: errno) }
            header.symbolicLink = target.prefix(count).map { UInt8(bitPattern: $0) }
            try output.begin(header)
        default: try output.begin(header)
        }
    }

    private static func text(_ path: [UInt8]) -> String { String(decoding: path, as: UTF8.self) }

    private mutating func packFile(
        _ file: borrowing OwnedDescriptor, _ header: inout TarOutput.Header, _ status: stat
    ) throws(ArchiveError) {
        if status.st_nlink > 1 {
            let identity = FileIdentity(device: status.st_dev, inode: status.st_ino)
            if let first = linked[identity] {
                header.hardLink = first
                try output.begin(header)
                return
            }
            linked[identity] = header.name
        }
        header.attributes = attributes(of: file.borrowed)
        try output.begin(header)
        try copy(file.rawValue, Self.text(header.name), count: header.size) { (bytes) throws(ArchiveError) in
            try output.write(bytes)
        }
    }

    private func attributes(of file: BorrowedDescriptor) -> [(name: String, value: [UInt8])] {
        var list = [CChar](repeating: 0, count: 64 << 10)
        let count = flistxattr(file.rawValue, &list, list.count)
        guard count > 0 else { return [] }
        let bytes = list.prefix(count).map { UInt8(bitPattern: $0) }
        return bytes.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }.sorted()
            .filter(Unpacker.isAccepted).compactMap { name in
                var value = [UInt8](repeating: 0, count: 64 << 10)
                let size = fgetxattr(file.rawValue, name, &value, value.count)
                return size < 0 ? nil : (name, Array(value.prefix(size)))
            }
    }
}

/// Reads at most `count` bytes of a file, block by block; a file that became shorter ends early.
func copy(
    _ file: Int32, _ path: String, count: Int64, _ body: (UnsafeRawBufferPointer) throws(ArchiveError) -> Void
) throws(ArchiveError) {
    var buffer = [UInt8](repeating: 0, count: 256 << 10)
    var left = count
    while left > 0 {
        let got = read(file, &buffer, min(buffer.count, Int(clamping: left)))
        if got < 0, errno == EINTR { continue }
        guard got >= 0 else { throw .system(operation: "read", path: path, errno: errno) }
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
