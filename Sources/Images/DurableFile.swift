internal import Glibc
internal import Model

/// Whole files that are either the old or the new one after a crash: write, fsync, rename, fsync of the directory.
enum DurableFile {
    static func write(_ bytes: [UInt8], to path: String) throws(ImageError) {
        let temporary = path + ".new"
        let file = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { throw .system(operation: "create", path: temporary, errno: errno) }
        var failure: (String, Int32)?
        var done = 0
        while done < bytes.count, failure == nil {
            let count = bytes[done...].withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            if count > 0 { done += count } else if errno != EINTR { failure = ("write", errno) }
        }
        if failure == nil, fsync(file) != 0 { failure = ("fsync", errno) }
        if close(file) != 0, failure == nil { failure = ("close", errno) }
        if failure == nil, rename(temporary, path) != 0 { failure = ("rename", errno) }
        if let (operation, code) = failure {
            unlink(temporary)
            throw .system(operation: operation, path: path, errno: code)
        }
        try Directory.synchronize(Directory.parent(of: path))
    }

    static func read(_ path: String, maximumBytes: Int = 64 << 20) throws(ImageError) -> [UInt8] {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw .system(operation: "open", path: path, errno: errno) }
        defer { close(file) }
        return try read(file, path: path, maximumBytes: maximumBytes)
    }

    static func read(_ file: Int32, path: String, maximumBytes: Int) throws(ImageError) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = Glibc.read(file, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .system(operation: "read", path: path, errno: errno) }
            if count == 0 { return bytes }
            bytes += buffer[..<count]
            guard bytes.count <= maximumBytes else { throw .system(operation: "read", path: path, errno: EFBIG) }
        }
    }
}

/// Directories of the store.
enum Directory {
    static func create(_ path: String) throws(ImageError) {
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
            throw .system(operation: "mkdir", path: path, errno: errno)
        }
    }

    static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    static func synchronize(_ path: String) throws(ImageError) {
        let directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else { throw .system(operation: "open", path: path, errno: errno) }
        defer { close(directory) }
        guard fsync(directory) == 0 else { throw .system(operation: "fsync", path: path, errno: errno) }
    }

    /// Names in a directory without `.` and `..`, sorted.
    static func names(_ path: String) throws(ImageError) -> [String] {
        guard let stream = opendir(path) else { throw .system(operation: "open", path: path, errno: errno) }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// Where a symbolic link points, or `nil` with `errno` set.
    static func readLink(_ path: String) -> String? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink(path, &buffer, buffer.count)
        guard count >= 0 else { return nil }
        return String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Removes a tree without following links. What is not there is no error.
    static func removeTree(_ path: String) throws(ImageError) {
        guard unlink(path) != 0, errno != ENOENT else { return }
        guard errno == EISDIR || errno == EPERM else { throw .system(operation: "remove", path: path, errno: errno) }
        let code = TreeRemoval.empty(path)
        guard code == 0, rmdir(path) == 0 else {
            throw .system(operation: "remove", path: path, errno: code == 0 ? errno : code)
        }
    }
}

/// The wall clock of the machine.
enum SystemClock {
    static func now() -> WallTime {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return WallTime(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }
}
