import Glibc

/// Small file work for tests.
public enum TestFiles {
    /// Writes a whole file, replacing what was there.
    public static func write(_ text: String, to path: String, mode: UInt32 = 0o644) throws {
        try write(bytes: Array(text.utf8), to: path, mode: mode)
    }

    /// Writes a whole file of bytes, replacing what was there.
    public static func write(bytes all: [UInt8], to path: String, mode: UInt32 = 0o644) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode_t(mode))
        guard descriptor >= 0 else { throw TestFailure("open", path) }
        defer { close(descriptor) }
        var bytes = all[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { throw TestFailure("write", path) }
            bytes = bytes.dropFirst(count)
        }
        guard fchmod(descriptor, mode_t(mode)) == 0 else { throw TestFailure("chmod", path) }
    }

    /// Reads a whole file; works for /proc and /sys as well.
    public static func read(_ path: String) throws -> String {
        String(decoding: try readBytes(path), as: UTF8.self)
    }

    /// Reads a whole file as bytes.
    public static func readBytes(_ path: String) throws -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw TestFailure("open", path) }
        defer { close(descriptor) }
        var all: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = chunk.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
            guard count >= 0 else { throw TestFailure("read", path) }
            if count == 0 { return all }
            all += chunk[..<count]
        }
    }

    /// Makes a directory and its parents.
    public static func makeDirectories(_ path: String, mode: UInt32 = 0o755) throws {
        var made = path.hasPrefix("/") ? "" : "."
        for part in path.split(separator: "/") {
            made += "/" + part
            if mkdir(made, mode_t(mode)) != 0 && errno != EEXIST { throw TestFailure("mkdir", made) }
        }
    }

    /// The permission bits of a file, the link itself if it is one.
    public static func mode(of path: String) throws -> UInt32 {
        var status = stat()
        guard lstat(path, &status) == 0 else { throw TestFailure("lstat", path) }
        return status.st_mode & 0o7777
    }

    /// Whether something is there, a dangling link included.
    public static func exists(_ path: String) -> Bool {
        var info = stat()
        return lstat(path, &info) == 0
    }

    /// The names in a directory, sorted, without `.` and `..`.
    public static func list(_ path: String) throws -> [String] {
        guard let directory = opendir(path) else { throw TestFailure("opendir", path) }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// Removes a file or a whole tree; does not cross into other file systems, and never fails.
    public static func removeTree(_ path: String) {
        var info = stat()
        guard lstat(path, &info) == 0 else { return }
        removeTree(path, device: info.st_dev)
    }

    private static func removeTree(_ path: String, device: dev_t) {
        var info = stat()
        guard lstat(path, &info) == 0, info.st_dev == device else { return }
        if info.st_mode & S_IFMT == S_IFDIR {
            for name in (try? list(path)) ?? [] { removeTree(path + "/" + name, device: device) }
            rmdir(path)
        } else {
            unlink(path)
        }
    }
}
