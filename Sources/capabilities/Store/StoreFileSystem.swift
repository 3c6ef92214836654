package import Linux

/// The steps on a disk that the store is made of, with those of a replacement. A crash can fall between any two of them.
package protocol StoreFileSystem: DurableReplacement, Sendable {
    func makeDirectory(_ path: String) throws(FileError)
    func append(_ bytes: [UInt8], to path: String) throws(FileError) -> Int64
    func truncate(_ path: String, to length: Int64) throws(FileError)
    /// Syncs all, and returns the errors in the same order, those of the files first.
    func syncAll(files: [String], directories: [String]) -> [FileError?]
    func removeTree(_ path: String) throws(FileError)
    func names(in path: String) throws(FileError) -> [String]
    func read(_ path: String) throws(FileError) -> [UInt8]
    /// What stands at a path, links not followed.
    func kind(of path: String) -> FileKind
}

/// What stands at a path of the store.
package enum FileKind: Hashable, Sendable {
    /// Nothing, or nothing that can be looked at.
    case nothing
    /// An ordinary file of so many bytes.
    case file(size: Int64)
    /// A directory.
    case directory
    /// A link, a fifo, a socket or a device.
    case other
}

extension StoreFileSystem {
    /// A disk that holds nothing but what the store has put there.
    package func kind(of path: String) -> FileKind {
        if (try? names(in: path)) != nil { return .directory }
        return (try? read(path)).map { .file(size: Int64($0.count)) } ?? .nothing
    }
}

/// The machine's own disks.
package struct LinuxFileSystem: StoreFileSystem {
    package init() {}

    package func makeDirectory(_ path: String) throws(FileError) { try DurableFile.makeDirectory(path) }
    package func write(_ bytes: [UInt8], to path: String) throws(FileError) { try DurableFile.write(bytes, to: path) }
    package func append(_ bytes: [UInt8], to path: String) throws(FileError) -> Int64 {
        try DurableFile.append(bytes, to: path)
    }
    package func truncate(_ path: String, to length: Int64) throws(FileError) {
        try DurableFile.truncate(path, to: length)
    }
    package func sync(_ path: String) throws(FileError) { try DurableFile.sync(path) }
    package func syncDirectory(_ path: String) throws(FileError) { try DurableFile.syncDirectory(path) }
    package func syncAll(files: [String], directories: [String]) -> [FileError?] {
        DurableFile.sync(all: files + directories)
    }
    package func rename(_ old: String, to new: String) throws(FileError) { try DurableFile.rename(old, to: new) }
    package func remove(_ path: String) throws(FileError) { try DurableFile.remove(path) }
    package func removeTree(_ path: String) throws(FileError) { try TreeRemoval.remove(path) }
    package func names(in path: String) throws(FileError) -> [String] { try DirectoryListing.names(in: path) }
    package func read(_ path: String) throws(FileError) -> [UInt8] { try DurableFile.read(path) }
    package func kind(of path: String) -> FileKind {
        switch HostFile.kind(of: path) {
        case .nothing: .nothing
        case .file(let size): .file(size: size)
        case .directory: .directory
        case .other: .other
        }
    }
}
