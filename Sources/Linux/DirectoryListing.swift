internal import Glibc

/// The names in a directory.
public enum DirectoryListing {
    /// All names but `.` and `..`, sorted by their bytes.
    public static func names(in path: String) throws(FileError) -> [String] {
        guard let stream = opendir(path) else { throw FileError(.list, path, code: errno) }
        defer { closedir(stream) }
        var names: [String] = []
        while true {
            errno = 0
            guard let entry = readdir(stream) else {
                if errno != 0 { throw FileError(.list, path, code: errno) }
                return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
            }
            let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
                tuple.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
    }

    /// Removes a directory and all below it, without following symbolic links and without crossing into a mount
    /// of another file system, which ends in EBUSY. A missing directory is no error.
    public static func removeTree(_ path: String) throws(FileError) {
        var status = stat()
        guard lstat(path, &status) == 0 else {
            if errno == ENOENT { return }
            throw FileError(.status, path, code: errno)
        }
        try removeTree(path, status, device: status.st_dev)
    }

    private static func removeTree(_ path: String, _ status: stat, device: dev_t) throws(FileError) {
        guard status.st_mode & S_IFMT == S_IFDIR else {
            guard unlink(path) == 0 || errno == ENOENT else { throw FileError(.remove, path, code: errno) }
            return
        }
        guard status.st_dev == device else { throw FileError(.remove, path, code: EBUSY) }
        for name in try names(in: path) {
            var inner = stat()
            let innerPath = "\(path)/\(name)"
            if lstat(innerPath, &inner) == 0 { try removeTree(innerPath, inner, device: device) }
        }
        guard rmdir(path) == 0 || errno == ENOENT else { throw FileError(.remove, path, code: errno) }
    }
}
