internal import CArchive
internal import Glibc
public import Linux

/// A directory that paths cannot leave: every path is resolved by openat2(2) with RESOLVE_IN_ROOT, so that links and
/// `..` end inside, whoever changes the tree meanwhile.
public struct RootDirectory: ~Copyable {
    let descriptor: OwnedDescriptor

    /// Opens a directory of the host.
    public init(path: String) throws(ArchiveError) {
        let number = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard number >= 0 else {
            if errno == ENOENT { throw .notFound(path: path) }
            throw .system(operation: "open", path: path, errno: errno)
        }
        descriptor = OwnedDescriptor(adopting: number)
    }

    /// Takes over an open directory.
    init(_ descriptor: consuming OwnedDescriptor) { self.descriptor = descriptor }

    /// Opens a path, following links inside the root unless `flags` hold O_NOFOLLOW.
    func open(_ path: [UInt8], _ flags: Int32) throws(ArchiveError) -> OwnedDescriptor {
        let root = descriptor.rawValue
        var number: Int32 = -1
        // EAGAIN: a rename raced with the resolution of `..`; the kernel asks for a retry (openat2(2)).
        for _ in 0..<128 {
            number = path.withCString { carchive_openat2(root, $0, flags | O_CLOEXEC, 0, carchive_resolve_in_root()) }
            if number >= 0 || (errno != EAGAIN && errno != EINTR) { break }
        }
        if number >= 0 { return OwnedDescriptor(adopting: number) }
        let text = String(decoding: path, as: UTF8.self)
        switch errno {
        case ENOENT: throw .notFound(path: text)
        case ENOTDIR: throw .notADirectory(path: text)
        case EXDEV: throw .escape(path: text)
        default: throw .system(operation: "openat2", path: text, errno: errno)
        }
    }

    /// A directory inside as a root of its own, links followed.
    ///
    /// Errors: `notFound`, `notADirectory`.
    public consuming func subdirectory(_ path: String) throws(ArchiveError) -> RootDirectory {
        RootDirectory(try openDirectory(AskedPath(Array(path.utf8)).path))
    }

    /// Opens a directory inside for reading its names or for work below it.
    func openDirectory(_ path: EntryPath) throws(ArchiveError) -> OwnedDescriptor {
        try open(path.bytes, O_RDONLY | O_DIRECTORY)
    }
}

/// A whole file system.
public enum FileSystem {
    /// syncfs(2): all that was written to the file system of an open descriptor is on disk; else `false` and `errno`.
    public static func synchronize(_ descriptor: BorrowedDescriptor) -> Bool {
        carchive_syncfs(descriptor.rawValue) == 0
    }
}

/// What lstat(2) says about a name in a directory, or `nil` when it is not there.
func statusOfName(_ name: [UInt8], in directory: borrowing OwnedDescriptor) throws(ArchiveError) -> stat? {
    try statusOfName(name, in: directory.borrowed)
}

/// The same of a directory that somebody else holds open.
func statusOfName(_ name: [UInt8], in directory: BorrowedDescriptor) throws(ArchiveError) -> stat? {
    var status = stat()
    let number = directory.rawValue
    let code = name.withCString { fstatat(number, $0, &status, AT_SYMLINK_NOFOLLOW) }
    if code == 0 { return status }
    if errno == ENOENT { return nil }
    throw .system(operation: "stat", path: String(decoding: name, as: UTF8.self), errno: errno)
}

extension stat {
    var kind: mode_t { st_mode & S_IFMT }
    var isDirectory: Bool { kind == S_IFDIR }
    /// overlayfs' mark for a removed name: a character device 0:0.
    var isWhiteout: Bool { kind == S_IFCHR && st_rdev == 0 }
}

/// Names in a directory without `.` and `..`, sorted by bytes.
func names(in directory: BorrowedDescriptor) throws(ArchiveError) -> [[UInt8]] {
    var found: [[UInt8]] = []
    do throws(LinuxError) {
        try DirectoryListing.forEachEntry(in: directory) { name, _ in
            found.append(Array(cString: name))
            return true
        }
    } catch {
        throw .system(operation: error.call, path: error.object, errno: error.code)
    }
    return found.sorted { $0.lexicographicallyPrecedes($1) }
}

/// Removes a name and all below it without following links. What is not there is no error.
func removeTree(_ name: [UInt8], in directory: borrowing OwnedDescriptor) throws(ArchiveError) {
    do throws(LinuxError) {
        try TreeRemoval.remove(name, in: directory.borrowed)
    } catch {
        throw .system(operation: error.call, path: error.object, errno: error.code)
    }
}
