import Glibc

/// Reports the state of this service to an init system: each message is one datagram of `NAME=value` lines
/// (sd_notify(3)). Native, as the command is static and libsystemd is not.
struct ServiceNotifier {
    /// The path of the socket; a leading `@` stands for the abstract namespace.
    let path: String

    /// The notifier of this process; `nil` when `NOTIFY_SOCKET` names none.
    init?(environment: [String: String]) {
        guard let path = environment["NOTIFY_SOCKET"], path.utf8.count > 1, path.hasPrefix("/") || path.hasPrefix("@")
        else { return nil }
        self.path = path
    }

    /// Sends lines without waiting for the init system; a message that it does not take is replaced by the next.
    func send(_ lines: [String]) {
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        let bytes = Array(lines.map { $0 + "\n" }.joined().utf8)
        UnixName.with(path) { address, length in
            _ = sendto(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT), address, length)
        }
    }
}

/// A socket's name in the kernel's form (unix(7)).
enum UnixName {
    /// Passes the name of a path, or of an abstract name after an `@`, to `body`. A path that is too long is cut, and
    /// so not found.
    static func with<Result>(_ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        var name = sockaddr_un()
        name.sun_family = sa_family_t(AF_UNIX)
        let isAbstract = path.hasPrefix("@")
        let bytes = isAbstract ? [0] + Array(path.utf8.dropFirst()) : Array(path.utf8)
        withUnsafeMutableBytes(of: &name.sun_path) { field in
            for (index, byte) in bytes.prefix(field.count - 1).enumerated() { field[index] = byte }
        }
        // The length ends an abstract name.
        let length = MemoryLayout<sockaddr_un>.offset(of: \.sun_path) ?? 2
        return withUnsafePointer(to: &name) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(isAbstract ? length + bytes.count : MemoryLayout<sockaddr_un>.size))
            }
        }
    }
}
