internal import CLinux
internal import Glibc

/// Sockets that have a name on this machine (unix(7)).
public enum UnixSocket {
    /// Connects a stream to a listener; waits while its queue is full. ENAMETOOLONG for a path of more than 107 bytes.
    public static func connect(to path: String) throws(LinuxError) -> OwnedDescriptor {
        let descriptor = try make(Int32(SOCK_STREAM.rawValue), path)
        let name = try UnixName(path)
        while name.lend({ Glibc.connect(descriptor.rawValue, $0, $1) }) != 0 {
            if errno != EINTR { throw LinuxError(call: "connect", object: path, code: errno) }
        }
        return descriptor
    }

    /// A datagram socket that sends to the one of this absolute path or, with `@` first, of this abstract name. Nothing that is
    /// done with it waits. EINVAL for what is no such name.
    public static func connectDatagrams(to path: String) throws(LinuxError) -> OwnedDescriptor {
        OwnedDescriptor(adopting: try LinuxError.check(clinux_notify_open(path), "connect", path))
    }

    /// A datagram socket that receives what is sent to this path, where nothing may be yet. Nothing that is done with it waits.
    public static func bindDatagrams(at path: String) throws(LinuxError) -> OwnedDescriptor {
        let descriptor = try make(Int32(SOCK_DGRAM.rawValue) | O_NONBLOCK, path)
        let name = try UnixName(path)
        guard name.lend({ bind(descriptor.rawValue, $0, $1) }) == 0 else {
            throw LinuxError(call: "bind", object: path, code: errno)
        }
        return descriptor
    }

    private static func make(_ kind: Int32, _ path: String) throws(LinuxError) -> OwnedDescriptor {
        let made = socket(AF_UNIX, kind | O_CLOEXEC, 0)
        guard made >= 0 else { throw LinuxError(call: "socket", object: path, code: errno) }
        return OwnedDescriptor(adopting: made)
    }
}

/// A path as the kernel takes it for a socket.
struct UnixName {
    private var address = sockaddr_un()

    /// ENAMETOOLONG for a path of more than 107 bytes.
    init(_ path: String) throws(LinuxError) {
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else {
            throw LinuxError(call: "bind", object: path, code: ENAMETOOLONG)
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    }

    /// Lends it for a call.
    func lend(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }
}
