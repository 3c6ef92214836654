internal import Linux
public import Model

/// A path inside a container as a user typed it.
struct AskedPath {
    /// Where it leads, by its text.
    let path: EntryPath
    /// Its last element as typed: `.` for `/etc/.`, `/` for the root.
    let name: [UInt8]
    /// Whether a last symbolic link is followed: the text ends in `/` or `/.`, or is the root.
    let followsLast: Bool

    init(_ typed: [UInt8]) {
        // A `..` above the root stays at the root, as in any shell.
        var parts: [[UInt8]] = []
        for part in typed.split(separator: 0x2F) where !part.elementsEqual([0x2E]) {
            if part.elementsEqual([0x2E, 0x2E]) { _ = parts.popLast() } else { parts.append(Array(part)) }
        }
        path = EntryPath(parts.joined(separator: [0x2F])) ?? .root
        let last = typed.split(separator: 0x2F).last.map(Array.init) ?? []
        let endsInDot = last == [0x2E]
        followsLast = path.isRoot || endsInDot || typed.last == 0x2F
        name = path.isRoot ? (endsInDot ? [0x2E] : [0x2F]) : endsInDot ? [0x2E] : path.name
    }
}

/// What is at a path in a root, in the words of the Engine API's `X-Docker-Container-Path-Stat` header.
public struct PathStatus: Hashable, Sendable {
    /// Last element of the path as asked for.
    public var name: String
    /// Bytes.
    public var size: Int64
    /// Go's `os.FileMode` bits.
    public var mode: UInt32
    /// Seconds of the modification time since 1970.
    public var modifiedSeconds: Int64
    /// Nanoseconds of the modification time, 0 to 999,999,999.
    public var modifiedNanoseconds: Int64
    /// Where a symbolic link ends, evaluated in the root; else empty.
    public var linkTarget: String
}

extension RootDirectory {
    /// Looks at a path. A last symbolic link is followed only when a `/` follows it.
    ///
    /// Errors: `notFound`, `notADirectory`.
    public borrowing func status(of typed: PathBytes) throws(ArchiveError) -> PathStatus {
        let asked = AskedPath(typed.bytes)
        let status: FileStatus
        if asked.followsLast {
            let directory = try openDirectory(asked.path)
            do throws(LinuxError) { status = try FileStatus(of: directory.borrowed) } catch {
                throw .system(operation: "stat", path: typed.text, errno: error.code)
            }
        } else {
            let parent = try openDirectory(asked.path.parent)
            guard let found = try statusOfName(asked.path.name, in: parent) else { throw .notFound(path: typed.text) }
            status = found
        }
        let target = status.kind == .symbolicLink ? try evaluate(asked.path).text : ""
        return PathStatus(
            name: String(decoding: asked.name, as: UTF8.self), size: status.size,
            mode: GoFileMode.bits(of: status), modifiedSeconds: status.modified.seconds,
            modifiedNanoseconds: status.modified.nanoseconds, linkTarget: target)
    }

    /// Components that links may make of a path, each of which is looked at.
    private static var maximumComponents: Int { 4096 }

    /// Follows every link of a path by its text, as far as it exists, like Docker's FollowSymlinkInScope.
    borrowing func evaluate(_ path: EntryPath) throws(ArchiveError) -> EntryPath {
        var done = EntryPath.root
        // The next component last.
        var left = Array(path.components.reversed())
        var links = 0
        while let part = left.popLast() {
            if part == [0x2E, 0x2E] {
                done = done.parent
                continue
            }
            guard let parent = try? openDirectory(done), let status = try statusOfName(part, in: parent),
                status.kind == .symbolicLink
            else {
                done = done.appending(part)
                continue
            }
            links += 1
            guard links <= 255 else { throw .system(operation: "readlink", path: path.text, errno: Errno.tooManyLinks) }
            let link = DirectoryEntry(part, in: parent.borrowed)
            let bytes = try ArchiveError.attempt("readlink", path.text) { () throws(LinuxError) in try link.target() }
            if bytes.first == 0x2F { done = .root }
            left += bytes.split(separator: 0x2F).map(Array.init).filter { $0 != [0x2E] }.reversed()
            guard left.count <= Self.maximumComponents else {
                throw .system(operation: "readlink", path: path.text, errno: Errno.nameTooLong)
            }
        }
        return done
    }
}

/// Go's os.FileMode (Go, io/fs/fs.go).
enum GoFileMode {
    static func bits(of status: FileStatus) -> UInt32 {
        var bits = status.permissions & 0o777
        switch status.kind {
        case .directory: bits |= 1 << 31
        case .symbolicLink: bits |= 1 << 27
        case .blockDevice: bits |= 1 << 26
        case .characterDevice: bits |= 1 << 26 | 1 << 21
        case .fifo: bits |= 1 << 25
        case .socket: bits |= 1 << 24
        case .regular, nil: break
        }
        if status.permissions & 0o4000 != 0 { bits |= 1 << 23 }
        if status.permissions & 0o2000 != 0 { bits |= 1 << 22 }
        if status.permissions & 0o1000 != 0 { bits |= 1 << 20 }
        return bits
    }
}
