import CLinux
import Glibc

/// A path below a root directory that somebody else may fill with symbolic links: every step is resolved inside
/// the root by the kernel (openat2(2) with RESOLVE_IN_ROOT, Linux 5.6), so that nothing outside is ever touched.
public struct RootedPath: Hashable, Sendable {
    /// The directory that stands for `/`.
    public let root: String
    /// The path inside it.
    public let path: String

    /// A path inside a root; nothing is resolved yet.
    public init(root: String, path: String) {
        self.root = root
        self.path = path
    }

    /// What is found at a path.
    public enum Kind: Hashable, Sendable { case directory, file, device, other }

    /// Reads a whole regular file of at most `limit` bytes; `nil` when it is not there. Nothing else is ever opened: EISDIR
    /// for a directory, EMEDIUMTYPE for a device, fifo or socket, EFBIG for a longer file, ELOOP for a link of /proc.
    public func read(limit: Int = 1 << 20) throws(LinuxError) -> [UInt8]? {
        let descriptor = clinux_open_regular_in_root(root, path)
        if descriptor == -ENOENT || descriptor == -ENOTDIR { return nil }
        try LinuxError.checkOpened(descriptor, path)
        defer { close(descriptor) }
        return try HostFile.readAll(descriptor, name: path, limit: limit)
    }

    /// What is there, or `nil`.
    public func kind() throws(LinuxError) -> Kind? {
        let descriptor = clinux_open_in_root(root, path, clinux_open_path_only, 0)
        if descriptor == -ENOENT || descriptor == -ENOTDIR { return nil }
        try LinuxError.checkOpened(descriptor, path)
        defer { close(descriptor) }
        var info = stat()
        guard fstat(descriptor, &info) == 0 else { throw LinuxError(call: "stat", object: path, code: errno) }
        switch info.st_mode & S_IFMT {
        case S_IFDIR: return .directory
        case S_IFREG: return .file
        case S_IFCHR, S_IFBLK: return .device
        default: return .other
        }
    }

    /// Whether anybody may execute it: a regular file with an execute bit.
    public func isExecutable() throws(LinuxError) -> Bool {
        let descriptor = clinux_open_in_root(root, path, clinux_open_path_only, 0)
        try LinuxError.checkOpened(descriptor, path)
        defer { close(descriptor) }
        var info = stat()
        guard fstat(descriptor, &info) == 0 else { throw LinuxError(call: "stat", object: path, code: errno) }
        return info.st_mode & S_IFMT == S_IFREG && info.st_mode & 0o111 != 0
    }

    /// Makes the directory and its missing parents; ENOTDIR when a part of it is a file.
    public func makeDirectories(mode: UInt32 = 0o755) throws(LinuxError) {
        try LinuxError.check(clinux_make_directories_in_root(root, path, mode), "mkdir", path)
    }
}
