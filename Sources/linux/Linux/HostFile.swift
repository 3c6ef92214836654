import CLinux
import Glibc
import Model

/// Small files of the host, /proc and /sys: read whole, written in one write(2).
public enum HostFile {
    /// The content as text; bytes that are no UTF-8 are replaced.
    public static func read(_ path: String) throws(LinuxError) -> String {
        String(decoding: try readBytes(path), as: UTF8.self)
    }

    /// The content as bytes.
    public static func readBytes(_ path: String) throws(LinuxError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw LinuxError(call: "open", object: path, code: errno) }
        defer { close(descriptor) }
        return try readAll(descriptor, name: path)
    }

    /// Writes an existing file in one write(2), as the kernel's control files need it.
    public static func write(_ text: String, to path: String) throws(LinuxError) {
        let descriptor = open(path, O_WRONLY | O_CLOEXEC | O_TRUNC)
        guard descriptor >= 0 else { throw LinuxError(call: "open", object: path, code: errno) }
        defer { close(descriptor) }
        let bytes = Array(text.utf8)
        while true {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count >= 0 { return }
            if errno != EINTR { throw LinuxError(call: "write \"\(text)\" to", object: path, code: errno) }
        }
    }

    /// Replaces or makes a small ordinary file. Not durable: for files that a restart makes again.
    public static func replace(_ path: String, with text: String, mode: UInt32 = 0o644) throws(LinuxError) {
        try replace(path, withBytes: Array(text.utf8), mode: mode)
    }

    /// A path without links, dots and empty parts (realpath(3)).
    public static func resolved(_ path: String) throws(LinuxError) -> String {
        guard let found = realpath(path, nil) else { throw LinuxError(call: "resolve", object: path, code: errno) }
        defer { free(found) }
        return String(cString: found)
    }

    /// Moves a file to another name in the same file system, over what is there.
    public static func rename(_ path: String, to other: String) throws(LinuxError) {
        if Glibc.rename(path, other) != 0 { throw LinuxError(call: "rename", object: path, code: errno) }
    }

    /// The same with bytes.
    public static func replace(_ path: String, withBytes bytes: [UInt8], mode: UInt32 = 0o644) throws(LinuxError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_TRUNC, mode_t(mode))
        guard descriptor >= 0 else { throw LinuxError(call: "open", object: path, code: errno) }
        defer { close(descriptor) }
        var left = bytes[...]
        while !left.isEmpty {
            let count = left.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno != EINTR { throw LinuxError(call: "write", object: path, code: errno) }
            left = left.dropFirst(max(0, count))
        }
    }

    /// Makes a directory and its missing parents.
    public static func makeDirectories(_ path: String, mode: UInt32 = 0o755) throws(LinuxError) {
        if mkdir(path, mode_t(mode)) == 0 || (errno == EEXIST && isDirectory(path)) { return }
        var made = path.hasPrefix("/") ? "" : "."
        for part in path.split(byte: "/") {
            made += "/" + part
            if mkdir(made, mode_t(mode)) == 0 { continue }
            let code = errno
            if code == EEXIST && isDirectory(made) { continue }
            throw LinuxError(call: "mkdir", object: made, code: code == EEXIST ? ENOTDIR : code)
        }
    }

    /// Whether something is there; symbolic links are followed.
    public static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// Whether it is a directory; symbolic links are followed.
    public static func isDirectory(_ path: String) -> Bool {
        var info = stat()
        return stat(path, &info) == 0 && info.st_mode & S_IFMT == S_IFDIR
    }

    /// Whether it is the root of a procfs.
    public static func isProc(_ path: String) -> Bool {
        var info = stat()
        return clinux_file_system_type(path) == 0x9FA0 && stat(path, &info) == 0 && info.st_ino == 1
    }

    /// What stands at a path.
    public enum Kind: Hashable, Sendable {
        /// Nothing, or nothing that can be looked at.
        case nothing
        /// An ordinary file of so many bytes.
        case file(size: Int64)
        /// A directory.
        case directory
        /// A link, a fifo, a socket or a device.
        case other
    }

    /// What stands at a path, links not followed.
    public static func kind(of path: String) -> Kind {
        var info = stat()
        guard lstat(path, &info) == 0 else { return .nothing }
        switch info.st_mode & S_IFMT {
        case S_IFREG: return .file(size: Int64(info.st_size))
        case S_IFDIR: return .directory
        default: return .other
        }
    }

    /// Whether it is a symbolic link.
    public static func isSymbolicLink(_ path: String) -> Bool {
        var info = stat()
        return lstat(path, &info) == 0 && info.st_mode & S_IFMT == S_IFLNK
    }

    /// The names in a directory, sorted, without `.` and `..`; E2BIG when there are more than `limit`.
    public static func list(_ path: String, atMost limit: Int = .max) throws(LinuxError) -> [String] {
        guard let directory = opendir(path) else { throw LinuxError(call: "open", object: path, code: errno) }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name == "." || name == ".." { continue }
            guard names.count < limit else { throw LinuxError(call: "list", object: path, code: E2BIG) }
            names.append(name)
        }
        return names.sorted()
    }

    /// Removes a file; one that is not there is no error.
    public static func remove(_ path: String) throws(LinuxError) {
        if unlink(path) != 0 && errno != ENOENT { throw LinuxError(call: "unlink", object: path, code: errno) }
    }

    /// Removes an empty directory; one that is not there is no error.
    public static func removeDirectory(_ path: String) throws(LinuxError) {
        if rmdir(path) != 0 && errno != ENOENT { throw LinuxError(call: "rmdir", object: path, code: errno) }
    }

    /// Reads to the end; EFBIG when that is beyond `limit` bytes.
    static func readAll(_ descriptor: Int32, name: String, limit: Int = .max) throws(LinuxError) -> [UInt8] {
        var all: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16384)
        while true {
            let count = chunk.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw LinuxError(call: "read", object: name, code: errno) }
            if count == 0 { return all }
            guard count <= limit - all.count else { throw LinuxError(call: "read", object: name, code: EFBIG) }
            all += chunk[..<count]
        }
    }

    /// The absolute path of a program by its name, from the directories that hold system programs; a path is returned as it is.
    public static func program(_ name: String) -> String? {
        if name.contains("/") { return exists(name) ? name : nil }
        let directories = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"]
        return directories.map { $0 + "/" + name }.first { access($0, X_OK) == 0 }
    }
}
