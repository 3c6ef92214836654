internal import Glibc

/// Empties a directory without following links, in bounded depth: an image can hold directories nested deeper than a
/// process may have open descriptors, so what lies too deep is first moved up. Names stay bytes: they may not be UTF-8.
struct TreeRemoval {
    /// How many directories are open at once.
    static let maximumDepth = 64

    private let top: Int32
    private var moved = 0

    /// Returns 0 or `errno`.
    static func empty(_ path: String) -> Int32 {
        let top = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard top >= 0 else { return errno }
        defer { close(top) }
        var removal = TreeRemoval(top: top)
        var before = -1
        while before != removal.moved {
            before = removal.moved
            let again = openat(top, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            guard again >= 0 else { return errno }
            let code = removal.emptyAndClose(again, depth: 1)
            if code != 0 { return code }
        }
        return 0
    }

    private init(top: Int32) { self.top = top }

    private mutating func emptyAndClose(_ directory: Int32, depth: Int) -> Int32 {
        guard let stream = fdopendir(directory) else {
            let code = errno
            close(directory)
            return code
        }
        defer { closedir(stream) }
        while let entry = readdir(stream) {
            var name = entry.pointee.d_name
            let code = withUnsafePointer(to: &name) { tuple in
                tuple.withMemoryRebound(to: CChar.self, capacity: 256) { remove($0, in: directory, depth: depth) }
            }
            if code != 0 { return code }
        }
        return 0
    }

    private mutating func remove(_ name: UnsafePointer<CChar>, in directory: Int32, depth: Int) -> Int32 {
        if strcmp(name, ".") == 0 || strcmp(name, "..") == 0 || unlinkat(directory, name, 0) == 0 { return 0 }
        guard errno == EISDIR || errno == EPERM else { return errno == ENOENT ? 0 : errno }
        if unlinkat(directory, name, AT_REMOVEDIR) == 0 { return 0 }
        guard depth < Self.maximumDepth else { return moveUp(name, from: directory) }
        let child = openat(directory, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard child >= 0 else { return errno }
        let code = emptyAndClose(child, depth: depth + 1)
        if code != 0 { return code }
        return unlinkat(directory, name, AT_REMOVEDIR) == 0 ? 0 : errno
    }

    private mutating func moveUp(_ name: UnsafePointer<CChar>, from directory: Int32) -> Int32 {
        while true {
            moved += 1
            if renameat(directory, name, top, ".deep-\(moved)") == 0 { return 0 }
            // A name of the image's own: take the next.
            guard errno == EEXIST || errno == ENOTEMPTY || errno == ENOTDIR else { return errno }
        }
    }
}
