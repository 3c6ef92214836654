internal import CLinux
internal import Glibc

/// Removes a tree without following links and without entering what is mounted in it. Its depth and the length of its paths do
/// not matter: a container can nest directories deeper than a process may have open descriptors or a path may be long, so what
/// lies too deep is first moved up. Names stay bytes: they may not be UTF-8.
public struct TreeRemoval {
    /// How many directories are open at once.
    static let maximumDepth = 64

    private let top: Int32
    private var moved = 0

    private init(top: Int32) { self.top = top }

    /// Removes what is at a path. What is not there is no error; EBUSY when something is mounted there or below.
    public static func remove(_ path: String) throws(FileError) {
        do throws(LinuxError) {
            try remove(Array(path.utf8), in: BorrowedDescriptor(rawValue: AT_FDCWD))
        } catch {
            throw FileError(.remove, path, code: error.code)
        }
    }

    /// Removes a name of an open directory. What is not there is no error.
    public static func remove(_ name: [UInt8], in directory: BorrowedDescriptor) throws(LinuxError) {
        let text = name.map { CChar(bitPattern: $0) } + [0]
        var code = unlinkat(directory.rawValue, text, 0) == 0 ? 0 : errno
        if code == EISDIR || code == EPERM {
            code = empty(text, in: directory.rawValue)
            if code == 0 { code = unlinkat(directory.rawValue, text, AT_REMOVEDIR) == 0 ? 0 : errno }
        }
        guard code == 0 || code == ENOENT else {
            throw LinuxError(call: "remove", object: String(decoding: name, as: UTF8.self), code: code)
        }
    }

    private static func empty(_ name: [CChar], in directory: Int32) -> Int32 {
        let top = openat(directory, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard top >= 0 else { return errno }
        defer { close(top) }
        var removal = TreeRemoval(top: top)
        var before = -1
        while before != removal.moved {
            before = removal.moved
            let code = removal.empty(BorrowedDescriptor(rawValue: top), depth: 1)
            if code != 0 { return code }
        }
        return 0
    }

    private mutating func empty(_ directory: BorrowedDescriptor, depth: Int) -> Int32 {
        var code: Int32 = 0
        do throws(LinuxError) {
            try DirectoryListing.forEachEntry(in: directory) { name, _ in
                code = remove(name, in: directory.rawValue, depth: depth)
                return code == 0
            }
        } catch {
            return error.code
        }
        return code
    }

    private mutating func remove(_ name: UnsafePointer<CChar>, in directory: Int32, depth: Int) -> Int32 {
        if unlinkat(directory, name, 0) == 0 { return 0 }
        guard errno == EISDIR || errno == EPERM else { return errno == ENOENT ? 0 : errno }
        if unlinkat(directory, name, AT_REMOVEDIR) == 0 { return 0 }
        guard errno == ENOTEMPTY || errno == EEXIST else { return errno == ENOENT ? 0 : errno }
        guard depth < Self.maximumDepth else { return moveUp(name, from: directory) }
        let opened = clinux_open_directory_at(directory, name, 1)
        guard opened >= 0 else { return opened == -EXDEV ? EBUSY : -opened }
        let child = OwnedDescriptor(adopting: opened)
        let code = empty(child.borrowed, depth: depth + 1)
        if code != 0 { return code }
        return unlinkat(directory, name, AT_REMOVEDIR) == 0 ? 0 : errno
    }

    private mutating func moveUp(_ name: UnsafePointer<CChar>, from directory: Int32) -> Int32 {
        while true {
            moved += 1
            if renameat(directory, name, top, ".deep-\(moved)") == 0 { return 0 }
            // A name of the tree's own: take the next.
            guard errno == EEXIST || errno == ENOTEMPTY || errno == ENOTDIR else { return errno }
        }
    }
}
