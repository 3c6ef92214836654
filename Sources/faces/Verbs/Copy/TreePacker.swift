import APIClient
import Linux
import Model

/// A packer of a local file or tree into a tar stream, block by block, under another name.
final class TreePacker {
    private struct Pending {
        var path: String
        var name: String
    }

    private var pending: [Pending]
    private var open: SharedDescriptor?
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
        let status = try Self.attempt("lstat \(item.path)") { () throws(LinuxError) in
            try FileStatus(of: item.path, followingLinks: follows)
        }
        var entry = TarMember(
            name: item.name, kind: .file, mode: status.permissions, user: status.user, group: status.group, size: 0,
            modified: status.modified.seconds)
        switch status.kind {
        case .regular:
            entry.size = status.size
            do throws(LinuxError) { open = SharedDescriptor(sharing: try OwnedDescriptor(opening: item.path)) } catch {
                throw .system(operation: "open \(item.path)", errno: error.code)
            }
            openPath = item.path
            contentLeft = entry.size
            padding = TarMember.padding(entry.size)
        case .directory:
            entry.kind = .directory
            if !entry.name.hasSuffix(bytes: "/") { entry.name += "/" }
            let children = try Self.attempt("open \(item.path)") { () throws(LinuxError) in
                try HostFile.list(item.path)
            }
            for child in children.reversed() {
                pending.append(Pending(path: "\(item.path)/\(child)", name: entry.name + child))
            }
        case .symbolicLink:
            let target = try Self.attempt("readlink \(item.path)") { () throws(LinuxError) in
                try HostFile.target(of: item.path)
            }
            entry.kind = .symbolicLink(target: target)
        case .fifo: entry.kind = .fifo
        case .socket, .characterDevice, .blockDevice, nil: return nil
        }
        return entry.header
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
