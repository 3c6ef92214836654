internal import Glibc

/// The names in a directory.
public enum DirectoryListing {
    /// All names but `.` and `..`, sorted by their bytes.
    public static func names(in path: String) throws(FileError) -> [String] {
        let directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else { throw FileError(.list, path, code: errno) }
        let owned = OwnedDescriptor(adopting: directory)
        var names: [String] = []
        do throws(LinuxError) {
            try forEachEntry(in: owned.borrowed) { name, _ in
                names.append(String(cString: name))
                return true
            }
        } catch {
            throw FileError(.list, path, code: error.code)
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// What a directory says of a name (DT_* of readdir(3)).
    public enum Kind: Hashable, Sendable {
        case directory
        case other
        /// Not every file system says it.
        case unknown
    }

    /// Lends each name of an open directory but `.` and `..`, in no order, as bytes that end in zero, until `body` is false.
    public static func forEachEntry(
        in directory: BorrowedDescriptor, _ body: (UnsafePointer<CChar>, Kind) -> Bool
    ) throws(LinuxError) {
        let again = openat(directory.rawValue, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard again >= 0 else { throw LinuxError(call: "open", object: "directory", code: errno) }
        guard let stream = fdopendir(again) else {
            let code = errno
            close(again)
            throw LinuxError(call: "open", object: "directory", code: code)
        }
        defer { closedir(stream) }
        var goesOn = true
        while goesOn {
            errno = 0
            guard let entry = readdir(stream) else {
                if errno != 0 { throw LinuxError(call: "getdents", object: "directory", code: errno) }
                return
            }
            let type = Int(entry.pointee.d_type)
            let kind: Kind = type == Int(DT_DIR) ? .directory : type == Int(DT_UNKNOWN) ? .unknown : .other
            goesOn = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
                tuple.withMemoryRebound(to: CChar.self, capacity: 256) { name in
                    strcmp(name, ".") == 0 || strcmp(name, "..") == 0 || body(name, kind)
                }
            }
        }
    }
}
