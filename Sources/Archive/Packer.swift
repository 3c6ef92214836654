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
    /// First name of each file that has several, by device and inode.
    private var linked: [FileIdentity: [UInt8]] = [:]

    private struct FileIdentity: Hashable {
        let device: dev_t
        let inode: ino_t
    }

    /// Packs what is below `root`.
    public init(
        root: consuming RootDirectory, style: PackStyle, to output: BorrowedDescriptor
    ) throws(ArchiveError) {
        self.root = root
        self.style = style
        self.output = try TarOutput(descriptor: output.rawValue)
    }

    /// The whole root, its entries without a leading directory, as `export` writes them.
    public mutating func packAll() throws(ArchiveError) {
        let directory = try root.openDirectory(.root)
        try packChildren(of: directory, prefix: [], path: .root)
        try output.finish()
    }

    /// One path with all below it, named by the path's last element as typed (moby, daemon/archive.go): `/etc` gives
    /// `etc/…`, `/etc/.` gives `./…`, `/` gives `/…`. A last link is followed only when a `/` follows it.
    public mutating func pack(path typed: [UInt8]) throws(ArchiveError) {
        let asked = AskedPath(typed)
        if asked.followsLast {
            let directory = try root.openDirectory(asked.path)
            try packDirectory(directory, name: asked.name, path: asked.path)
        } else {
            let parent = try root.openDirectory(asked.path.parent)
            guard let status = try statusOfName(asked.path.name, in: parent) else {
                throw .notFound(path: asked.path.text)
            }
            try packName(asked.path.name, as: asked.name, status, in: parent, path: asked.path)
        }
        try output.finish()
    }

    private mutating func packDirectory(
        _ directory: borrowing OwnedDescriptor, name: [UInt8], path: EntryPath
    ) throws(ArchiveError) {
        var status = stat()
        guard fstat(directory.rawValue, &status) == 0 else {
            throw .system(operation: "stat", path: path.text, errno: errno)
        }
        let slash: [UInt8] = name == [0x2F] ? name : name + [0x2F]
        var header = TarOutput.Header(name: slash, status: status)
        header.attributes = attributes(of: directory)
        try output.begin(header)
        if style == .layer, Whiteout.isOpaque(directory) {
            try output.begin(TarOutput.Header(name: slash + Whiteout.opaqueName, mode: S_IFREG | 0o600))
        }
        try packChildren(of: directory, prefix: slash, path: path)
    }

    private mutating func packChildren(
        of directory: borrowing OwnedDescriptor, prefix: [UInt8], path: EntryPath
    ) throws(ArchiveError) {
        for name in try names(in: directory) {
            guard let status = try statusOfName(name, in: directory) else { continue }
            try packName(name, as: prefix + name, status, in: directory, path: path.appending(name))
        }
    }

    private mutating func packName(
        _ name: [UInt8], as full: [UInt8], _ status: stat, in parent: borrowing OwnedDescriptor, path: EntryPath
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
        case S_IFDIR, S_IFREG:
            let flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC
            let opened = name.withCString { openat(number, $0, flags) }
            if opened < 0, errno == ENOENT { return }
            guard opened >= 0 else { throw .system(operation: "open", path: path.text, errno: errno) }
            let file = OwnedDescriptor(adopting: opened)
            if status.isDirectory {
                try packDirectory(file, name: full, path: path)
            } else {
                try packFile(file, &header, status, path)
            }
        case S_IFLNK:
            var target = [CChar](repeating: 0, count: Int(PATH_MAX))
            let count = name.withCString { readlinkat(number, $0, &target, target.count) }
            guard count >= 0 else { throw .system(operation: "readlink", path: path.text, errno: errno) }
            header.symbolicLink = target.prefix(count).map { UInt8(bitPattern: $0) }
            try output.begin(header)
        default: try output.begin(header)
        }
    }

    private mutating func packFile(
        _ file: borrowing OwnedDescriptor, _ header: inout TarOutput.Header, _ status: stat, _ path: EntryPath
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
        header.attributes = attributes(of: file)
        try output.begin(header)
        try copy(file.rawValue, path.text, count: header.size) { (bytes) throws(ArchiveError) in try output.write(bytes)
        }
    }

    private func attributes(of file: borrowing OwnedDescriptor) -> [(name: String, value: [UInt8])] {
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
