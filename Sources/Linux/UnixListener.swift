internal import Glibc

/// A listening Unix socket with its file's owner and mode.
public enum UnixListener {
    /// Makes the socket file and listens. A file that nobody listens on is replaced; one that somebody answers on is
    /// EADDRINUSE. Until the mode is set nobody but the owner can connect.
    public static func make(path: String, mode: UInt32, group: UInt32?) throws(LinuxError) -> SharedDescriptor {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | O_CLOEXEC | O_NONBLOCK, 0)
        guard descriptor >= 0 else { throw LinuxError(call: "socket", object: path, code: errno) }
        let listener = SharedDescriptor(takingOwnershipOf: descriptor)
        guard var address = address(path) else { throw LinuxError(call: "bind", object: path, code: ENAMETOOLONG) }
        if connects(&address) { throw LinuxError(call: "bind", object: path, code: EADDRINUSE) }
        var status = stat()
        if lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK { unlink(path) }
        let previous = Glibc.umask(0o177)
        let bound = withAddress(&address) { bind(descriptor, $0, $1) }
        let failure = errno
        _ = Glibc.umask(previous)
        guard bound == 0 else { throw LinuxError(call: "bind", object: path, code: failure) }
        if let group, chown(path, uid_t.max, group) != 0 { throw LinuxError(call: "chown", object: path, code: errno) }
        guard chmod(path, mode) == 0 else { throw LinuxError(call: "chmod", object: path, code: errno) }
        guard listen(descriptor, 512) == 0 else { throw LinuxError(call: "listen", object: path, code: errno) }
        return listener
    }

    /// The number of a group of the host (/etc/group); `nil` when there is none of that name.
    public static func groupNumber(_ name: String) -> UInt32? {
        if let number = UInt32(name) { return number }
        for line in ((try? HostFile.read("/etc/group")) ?? "").split(separator: "\n") {
            let fields = line.split(separator: ":", omittingEmptySubsequences: false)
            if fields.count > 2, fields[0] == name { return UInt32(fields[2]) }
        }
        return nil
    }

    private static func connects(_ address: inout sockaddr_un) -> Bool {
        let probe = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | O_CLOEXEC | O_NONBLOCK, 0)
        guard probe >= 0 else { return false }
        defer { close(probe) }
        return withAddress(&address) { connect(probe, $0, $1) } == 0
    }

    private static func address(_ path: String) -> sockaddr_un? {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { return nil }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        return address
    }

    private static func withAddress(
        _ address: inout sockaddr_un, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }
}
