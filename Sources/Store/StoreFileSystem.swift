internal import Linux

/// The steps on a disk that the store is made of. A crash can fall between any two of them.
protocol StoreFileSystem: Sendable {
    func makeDirectory(_ path: String) throws(FileError)
    func write(_ bytes: [UInt8], to path: String) throws(FileError)
    func append(_ bytes: [UInt8], to path: String) throws(FileError) -> Int64
    func truncate(_ path: String, to length: Int64) throws(FileError)
    func sync(_ path: String) throws(FileError)
    func syncDirectory(_ path: String) throws(FileError)
    /// Syncs all, and returns the errors in the same order, those of the files first.
    func syncAll(files: [String], directories: [String]) -> [FileError?]
    func rename(_ old: String, to new: String) throws(FileError)
    func remove(_ path: String) throws(FileError)
    func removeTree(_ path: String) throws(FileError)
    func names(in path: String) throws(FileError) -> [String]
    func read(_ path: String) throws(FileError) -> [UInt8]
}

/// The machine's own disks.
struct LinuxFileSystem: StoreFileSystem {
    func makeDirectory(_ path: String) throws(FileError) { try DurableFile.makeDirectory(path) }
    func write(_ bytes: [UInt8], to path: String) throws(FileError) { try DurableFile.write(bytes, to: path) }
    func append(_ bytes: [UInt8], to path: String) throws(FileError) -> Int64 {
        try DurableFile.append(bytes, to: path)
    }
    func truncate(_ path: String, to length: Int64) throws(FileError) {
        try DurableFile.truncate(path, to: length)
    }
    func sync(_ path: String) throws(FileError) { try DurableFile.sync(path) }
    func syncDirectory(_ path: String) throws(FileError) { try DurableFile.syncDirectory(path) }
    func syncAll(files: [String], directories: [String]) -> [FileError?] {
        DurableFile.sync(all: files + directories)
    }
    func rename(_ old: String, to new: String) throws(FileError) { try DurableFile.rename(old, to: new) }
    func remove(_ path: String) throws(FileError) { try DurableFile.remove(path) }
    func removeTree(_ path: String) throws(FileError) { try DirectoryListing.removeTree(path) }
    func names(in path: String) throws(FileError) -> [String] { try DirectoryListing.names(in: path) }
    func read(_ path: String) throws(FileError) -> [UInt8] { try DurableFile.read(path) }
}
