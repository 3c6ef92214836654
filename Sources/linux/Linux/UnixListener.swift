internal import Glibc
public import Model

/// A listening Unix socket with its file's owner and mode.
public enum UnixListener {
    /// Makes the socket file and listens. A socket of ours that nobody listens on is replaced; whatever else has the name is
    /// left alone and refused. Until the mode is set nobody but the owner can connect.
    public static func make(path: String, mode: UInt32, group: UInt32?) throws(UnixListenerError) -> SharedDescriptor {
        try claim(path)
        do throws(LinuxError) {
            return try bound(path: path, mode: mode, group: group)
        } catch {
            throw .system(error)
        }
    }

    /// Makes the name free, if it is ours to have.
    private static func claim(_ path: String) throws(UnixListenerError) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        switch status.st_mode & S_IFMT {
        case S_IFSOCK: break
        case S_IFLNK: throw .symbolicLink(path)
        default: throw .notASocket(path)
        }
        guard status.st_uid == geteuid() else { throw .foreign(path, owner: status.st_uid) }
        guard let name = try? UnixName(path), !connects(name) else { throw .inUse(path) }
        unlink(path)
    }

    private static func bound(path: String, mode: UInt32, group: UInt32?) throws(LinuxError) -> SharedDescriptor {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | O_CLOEXEC | O_NONBLOCK, 0)
        guard descriptor >= 0 else { throw LinuxError(call: "socket", object: path, code: errno) }
        let listener = SharedDescriptor(takingOwnershipOf: descriptor)
        let name = try UnixName(path)
        let previous = Glibc.umask(0o177)
        let bound = name.lend { bind(descriptor, $0, $1) }
        let failure = errno
        _ = Glibc.umask(previous)
        guard bound == 0 else { throw LinuxError(call: "bind", object: path, code: failure) }
        if let group, chown(path, uid_t.max, group) != 0 { throw LinuxError(call: "chown", object: path, code: errno) }
        guard chmod(path, mode) == 0 else { throw LinuxError(call: "chmod", object: path, code: errno) }
        guard Glibc.listen(descriptor, 512) == 0 else { throw LinuxError(call: "listen", object: path, code: errno) }
        return listener
    }

    /// Listens on a bound socket, or changes how many connections may wait on it; the kernel lowers the number to
    /// net.core.somaxconn.
    public static func listen(_ socket: Int32, backlog: Int32) { _ = Glibc.listen(socket, backlog) }

    /// The path that a socket is bound to; `nil` for an abstract name and for other sockets.
    public static func path(of socket: SharedDescriptor) -> String? {
        var address = sockaddr_un()
        var length = socklen_t(MemoryLayout<sockaddr_un>.size)
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(socket.rawValue, $0, &length) }
        }
        guard result == 0, address.sun_family == sa_family_t(AF_UNIX) else { return nil }
        let bytes = withUnsafeBytes(of: address.sun_path) { Array($0.prefix { $0 != 0 }) }
        return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
    }

    /// The number of a group of the host (/etc/group); `nil` when there is none of that name.
    public static func groupNumber(_ name: String) -> UInt32? {
        if let number = UInt32(name) { return number }
        let database = UserDatabase(passwd: [], group: (try? HostFile.readBytes("/etc/group")) ?? [])
        return database.groups.first { $0.nameBytes.elementsEqual(name.utf8) }?.gid
    }

    private static func connects(_ name: UnixName) -> Bool {
        let probe = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | O_CLOEXEC | O_NONBLOCK, 0)
        guard probe >= 0 else { return false }
        defer { close(probe) }
        return name.lend { connect(probe, $0, $1) } == 0
    }
}

/// Why a socket is not listened on.
public enum UnixListenerError: ReadableError, Hashable, Sendable {
    /// The name is a symbolic link, which could lead anywhere.
    case symbolicLink(String)
    /// Something else has the name.
    case notASocket(String)
    /// The socket belongs to another user.
    case foreign(String, owner: UInt32)
    /// Somebody listens on it.
    case inUse(String)
    /// A call failed.
    case system(LinuxError)
}

extension UnixListenerError {
    /// What it is, and what to do.
    public var message: String {
        switch self {
        case .symbolicLink(let path):
            "\(path) is a symbolic link: give the socket's own path, or remove the link"
        case .notASocket(let path): "\(path) is there and is no socket: give another path, or remove it"
        case .foreign(let path, let owner):
            "the socket \(path) belongs to uid \(owner): give a path in a directory that nobody else can write to"
        case .inUse(let path): "somebody listens on \(path): stop that supervisor, or give another path"
        case .system(let error): error.message
        }
    }
}
