internal import Linux

/// How long a path of a tree may be to be written to an archive or a list of changes: what a program can hand the kernel
/// (PATH_MAX of limits.h). A tree can be deeper, and then no other program could unpack what was written.
enum PathBound {
    /// Bytes, without the closing zero.
    static let maximumBytes = 4095

    static func check(_ path: [UInt8]) throws(ArchiveError) {
        guard path.count > maximumBytes else { return }
        let start = String(decoding: path.prefix(64), as: UTF8.self)
        throw .bound(name: "bytes in a path", limit: Int64(maximumBytes), path: "/" + start + "…")
    }

    /// Looks through all directories below one, so that a tree that is too deep is refused before anything of it is written.
    static func check(below directory: borrowing OwnedDescriptor, prefix: [UInt8]) throws(ArchiveError) {
        var walk = try TreeWalk(directory)
        var path = prefix
        var waiting = [(names: directories(in: walk.current), length: path.count)]
        while let level = waiting.indices.last {
            path.removeLast(path.count - waiting[level].length)
            guard let next = waiting[level].names.popLast() else {
                waiting.removeLast()
                if !waiting.isEmpty { try walk.leave() }
                continue
            }
            path += next
            try check(path)
            path.append(0x2F)
            // It may be gone.
            guard try walk.enter(next) else { continue }
            waiting.append((directories(in: walk.current), path.count))
        }
    }

    private static func directories(in directory: BorrowedDescriptor) -> [[UInt8]] {
        var found: [[UInt8]] = []
        try? DirectoryListing.forEachEntry(in: directory) { name, kind in
            guard kind != .other else { return true }
            let name = Array(cString: name)
            if kind == .directory || (try? DirectoryEntry(name, in: directory).status())?.isDirectory == true {
                found.append(name)
            }
            return true
        }
        return found
    }
}

/// `DirectoryDescent` with this module's error.
struct TreeWalk: ~Copyable {
    private var descent: DirectoryDescent

    /// Begins at an open directory, which stays its owner's.
    init(_ directory: borrowing OwnedDescriptor) throws(ArchiveError) {
        do throws(LinuxError) {
            descent = try DirectoryDescent(try directory.duplicate())
        } catch {
            throw .system(operation: error.call, path: error.object, errno: error.code)
        }
    }

    var current: BorrowedDescriptor { descent.current }

    /// `false` when there is no directory of that name any more.
    mutating func enter(_ name: [UInt8]) throws(ArchiveError) -> Bool {
        do throws(LinuxError) {
            try descent.enter(name)
            return true
        } catch {
            if [Errno.noSuchFile, Errno.notADirectory, Errno.tooManyLinks].contains(error.code) { return false }
            throw .system(operation: error.call, path: error.object, errno: error.code)
        }
    }

    /// Fails when the directory was moved to another one meanwhile.
    mutating func leave() throws(ArchiveError) {
        do throws(LinuxError) {
            try descent.leave()
        } catch {
            throw .system(operation: error.call, path: error.object, errno: error.code)
        }
    }
}
