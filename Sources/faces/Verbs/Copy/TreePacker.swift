import APIClient
import Linux

/// A packer of a local file or tree into a tar stream, block by block, under another name.
final class TreePacker {
    private struct Pending {
        /// On this machine; bytes, as names of files are.
        var path: [UInt8]
        var name: [UInt8]
    }

    private struct FileIdentity: Hashable {
        let device: UInt64
        let inode: UInt64
    }

    private var pending: [Pending]
    private var open: SharedDescriptor?
    private var openPath = ""
    private var contentLeft: Int64 = 0
    private var padding: [UInt8] = []
    private var hasEnded = false
    private let followsFirst: Bool
    private var isFirst = true
    /// First name of each file that has several.
    private var linked: [FileIdentity: [UInt8]] = [:]

    /// A packer of the tree at `path`, named `name` in the archive. With `follows`, a link at the top is replaced by
    /// its target.
    init(path: String, name: String, follows: Bool) {
        pending = [Pending(path: Array(path.utf8), name: Array(name.utf8))]
        followsFirst = follows
    }

    /// The next bytes; `nil` after the end of the archive.
    func next() throws(ClientError) -> [UInt8]? {
        while true {
            if open != nil { return try content() }
            if let item = pending.popLast() {
                if let header = try begin(item) { return header }
                continue
            }
            if hasEnded { return nil }
            hasEnded = true
            return [UInt8](repeating: 0, count: 2 * TarMember.block)
        }
    }

    private func begin(_ item: Pending) throws(ClientError) -> [UInt8]? {
        let follows = isFirst && followsFirst
        isFirst = false
        let shown = String(decoding: item.path, as: UTF8.self)
        let path =
            follows
            ? Array(try Self.attempt("stat \(shown)") { () throws(LinuxError) in try HostFile.resolved(shown) }.utf8)
            : item.path
        // The path begins at the root, so that no directory is asked.
        let place = DirectoryEntry(path, in: BorrowedDescriptor(rawValue: -1))
        let found = try Self.attempt("lstat \(shown)") { () throws(LinuxError) in try place.status() }
        guard let status = found else { throw .system(operation: "lstat \(shown)", errno: Errno.noSuchFile) }
        var entry = TarMember(
            name: item.name, kind: .file, mode: status.permissions, user: status.user, group: status.group, size: 0,
            modified: status.modified.seconds)
        if !status.isDirectory, status.linkCount > 1 {
            let identity = FileIdentity(device: status.device, inode: status.inode)
            if let first = linked[identity] {
                entry.kind = .hardLink(target: first)
                return entry.header
            }
            linked[identity] = item.name
        }
        switch status.kind {
        case .regular:
            entry.size = status.size
            open = try Self.attempt("open \(shown)") { () throws(LinuxError) in
                SharedDescriptor(sharing: try place.open([]))
            }
            openPath = shown
            contentLeft = entry.size
            padding = TarMember.padding(entry.size)
        case .directory:
            entry.kind = .directory
            if entry.name.last != 0x2F { entry.name.append(0x2F) }
            let children = try Self.attempt("open \(shown)") { () throws(LinuxError) in try Self.names(in: place) }
            for child in children.reversed() {
                pending.append(Pending(path: path + [0x2F] + child, name: entry.name + child))
            }
        case .symbolicLink:
            let target = try Self.attempt("readlink \(shown)") { () throws(LinuxError) in try place.target() }
            entry.kind = .symbolicLink(target: target)
        case .fifo: entry.kind = .fifo
        case .characterDevice: entry.kind = .characterDevice(status.deviceParts.major, status.deviceParts.minor)
        case .blockDevice: entry.kind = .blockDevice(status.deviceParts.major, status.deviceParts.minor)
        case .socket, nil: return nil
        }
        return entry.header
    }

    /// The names in a directory, sorted by their bytes.
    private static func names(in place: DirectoryEntry) throws(LinuxError) -> [[UInt8]] {
        let directory = try place.openDirectory()
        var names: [[UInt8]] = []
        try DirectoryListing.forEachEntry(in: directory.borrowed) { name, _ in
            names.append(Array(cString: name))
            return true
        }
        return names.sorted { $0.lexicographicallyPrecedes($1) }
    }

    private func content() throws(ClientError) -> [UInt8] {
        if contentLeft == 0 {
            open = nil
            return padding
        }
        let wanted = Int(min(contentLeft, 64 * 1024))
        let file = open?.borrowed ?? BorrowedDescriptor(rawValue: -1)
        let read = try Self.attempt("read \(openPath)") { () throws(LinuxError) in try file.read(atMost: wanted) }
        // A file that has shrunk since its header was sent is filled up with zeros, as the header promised its size.
        let taken = read.isEmpty ? [UInt8](repeating: 0, count: wanted) : read
        contentLeft -= Int64(taken.count)
        return taken
    }

    private static func attempt<Value>(
        _ operation: String, _ body: () throws(LinuxError) -> Value
    ) throws(ClientError) -> Value {
        do throws(LinuxError) { return try body() } catch {
            throw .system(operation: operation, errno: error.code)
        }
    }
}
