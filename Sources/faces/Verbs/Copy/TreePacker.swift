import APIClient
import Glibc

/// A packer of a local file or tree into a tar stream, block by block, under another name.
final class TreePacker {
    private struct Pending {
        var path: String
        var name: String
    }

    private var pending: [Pending]
    private var open: Int32 = -1
    private var openPath = ""
    private var contentLeft: Int64 = 0
    private var padding: [UInt8] = []
    private var hasEnded = false
    private let followsFirst: Bool
    private var isFirst = true

    /// A packer of the tree at `path`, named `name` in the archive. With `follows`, a link at the top is replaced by
    /// its target.
    init(path: String, name: String, follows: Bool) {
        pending = [Pending(path: path, name: name)]
        followsFirst = follows
    }

    deinit { if open >= 0 { close(open) } }

    /// The next bytes; `nil` after the end of the archive.
    func next() throws(ClientError) -> [UInt8]? {
        while true {
            if open >= 0 { return try content() }
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
        var status = stat()
        let follows = isFirst && followsFirst
        isFirst = false
        guard (follows ? stat(item.path, &status) : lstat(item.path, &status)) == 0 else {
            throw .system(operation: "lstat \(item.path)", errno: errno)
        }
        var entry = TarMember(
            name: item.name, kind: .file, mode: status.st_mode & 0o7777, user: status.st_uid, group: status.st_gid,
            size: 0, modified: Int64(status.st_mtim.tv_sec))
        switch status.st_mode & S_IFMT {
        case S_IFREG:
            entry.size = Int64(status.st_size)
            open = Glibc.open(item.path, O_RDONLY | O_CLOEXEC)
            guard open >= 0 else { throw .system(operation: "open \(item.path)", errno: errno) }
            openPath = item.path
            contentLeft = entry.size
            padding = TarMember.padding(entry.size)
        case S_IFDIR:
            entry.kind = .directory
            if !entry.name.hasSuffix("/") { entry.name += "/" }
            for child in try children(of: item.path).sorted(by: >) {
                pending.append(Pending(path: "\(item.path)/\(child)", name: entry.name + child))
            }
        case S_IFLNK: entry.kind = .symbolicLink(target: try target(of: item.path))
        case S_IFIFO: entry.kind = .fifo
        default: return nil
        }
        return entry.header
    }

    private func content() throws(ClientError) -> [UInt8] {
        if contentLeft == 0 {
            close(open)
            open = -1
            return padding
        }
        var buffer = [UInt8](repeating: 0, count: Int(min(contentLeft, 64 * 1024)))
        let count = Glibc.read(open, &buffer, buffer.count)
        if count < 0, errno == EINTR { return [] }
        guard count >= 0 else { throw .system(operation: "read \(openPath)", errno: errno) }
        // A file that has shrunk since its header was sent is filled up with zeros, as the header promised its size.
        let taken = count == 0 ? buffer : Array(buffer[..<count])
        contentLeft -= Int64(taken.count)
        return taken
    }

    private func children(of path: String) throws(ClientError) -> [String] {
        guard let directory = opendir(path) else { throw .system(operation: "open \(path)", errno: errno) }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    private func target(of path: String) throws(ClientError) -> String {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink(path, &buffer, buffer.count)
        guard count >= 0 else { throw .system(operation: "readlink \(path)", errno: errno) }
        return String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
