internal import Linux
public import Model

/// A directory that paths cannot leave: every path is resolved by openat2(2) with RESOLVE_IN_ROOT, so that links and
/// `..` end inside, whoever changes the tree meanwhile.
public struct RootDirectory: ~Copyable {
    let descriptor: OwnedDescriptor

    /// Opens a directory of the host.
    public init(path: String) throws(ArchiveError) {
        do throws(LinuxError) { descriptor = try OwnedDescriptor(opening: path, .directory) } catch {
            if error.code == Errno.noSuchFile { throw .notFound(path: path) }
            throw .system(operation: "open", path: path, errno: error.code)
        }
    }

    /// Takes over an open directory.
    init(_ descriptor: consuming OwnedDescriptor) { self.descriptor = descriptor }

    /// Opens a path, following links inside the root unless `options` hold `noFollow`.
    func open(_ path: [UInt8], _ options: OpenOptions) throws(ArchiveError) -> OwnedDescriptor {
        do throws(LinuxError) {
            return try OwnedDescriptor(opening: path, inRoot: descriptor.borrowed, options)
        } catch {
            switch error.code {
            case Errno.noSuchFile: throw .notFound(path: error.object)
            case Errno.notADirectory: throw .notADirectory(path: error.object)
            case Errno.crossesDevices: throw .escape(path: error.object)
            default: throw .system(operation: error.call, path: error.object, errno: error.code)
            }
        }
    }

    /// A directory inside as a root of its own, links followed.
    ///
    /// Errors: `notFound`, `notADirectory`.
    public consuming func subdirectory(_ path: PathBytes) throws(ArchiveError) -> RootDirectory {
        RootDirectory(try openDirectory(AskedPath(path.bytes).path))
    }

    /// Opens a directory inside for reading its names or for work below it.
    func openDirectory(_ path: EntryPath) throws(ArchiveError) -> OwnedDescriptor {
        try open(path.bytes, .directory)
    }
}

/// What lstat(2) says about a name in a directory, or `nil` when it is not there.
func statusOfName(_ name: [UInt8], in directory: borrowing OwnedDescriptor) throws(ArchiveError) -> FileStatus? {
    try statusOfName(name, in: directory.borrowed)
}

/// The same of a directory that somebody else holds open.
func statusOfName(_ name: [UInt8], in directory: BorrowedDescriptor) throws(ArchiveError) -> FileStatus? {
    do throws(LinuxError) { return try DirectoryEntry(name, in: directory).status() } catch {
        throw .system(operation: "stat", path: String(decoding: name, as: UTF8.self), errno: error.code)
    }
}

extension FileStatus {
    /// overlayfs' mark for a removed name: a character device 0:0.
    var isWhiteout: Bool { kind == .characterDevice && deviceNumber == 0 }
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
