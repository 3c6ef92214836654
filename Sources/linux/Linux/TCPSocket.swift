internal import Glibc

/// Stream sockets over TCP.
public enum TCPSocket {
    /// Connects to a host by name or address; waits as long as the kernel does.
    public static func connect(host: String, port: UInt16) throws(LinuxError) -> SharedDescriptor {
        try open(host, port, flags: 0, "connect") { socket, address in
            // TCP_NODELAY: what is written goes out at once.
            var on: Int32 = 1
            setsockopt(socket, Int32(IPPROTO_TCP), 1, &on, 4)
            return Glibc.connect(socket, address.pointee.ai_addr, address.pointee.ai_addrlen) == 0
        }
    }

    /// Listens on a numeric address (`0.0.0.0`, `::1`; `localhost` is 127.0.0.1).
    public static func listen(host: String, port: UInt16) throws(LinuxError) -> SharedDescriptor {
        try open(host, port, flags: AI_PASSIVE | AI_NUMERICHOST, "bind") { socket, address in
            var on: Int32 = 1
            setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, 4)
            return bind(socket, address.pointee.ai_addr, address.pointee.ai_addrlen) == 0
                && Glibc.listen(socket, 512) == 0
        }
    }

    /// Connects to an IPv4 address, whose highest byte is its first; waits as long as the kernel does.
    public static func connect(address: UInt32, port: UInt16) throws(LinuxError) -> OwnedDescriptor {
        let made = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | O_CLOEXEC, 0)
        guard made >= 0 else { throw LinuxError(call: "socket", object: "TCP", code: errno) }
        let descriptor = OwnedDescriptor(adopting: made)
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_port = port.bigEndian
        name.sin_addr.s_addr = address.bigEndian
        while lend(name, { Glibc.connect(made, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }) != 0 {
            if errno != EINTR { throw LinuxError(call: "connect", object: "port \(port)", code: errno) }
        }
        return descriptor
    }

    private static func lend(_ name: sockaddr_in, _ body: (UnsafePointer<sockaddr>) -> Int32) -> Int32 {
        withUnsafePointer(to: name) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0) }
        }
    }

    /// Takes the next connection of a listener, waiting for it, with the address that it comes from: the 4 bytes of IPv4 or
    /// the 16 of IPv6 (accept(2)).
    public static func accept(_ listener: Int32) throws(LinuxError) -> (socket: SharedDescriptor, address: [UInt8]) {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let accepted = withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { Glibc.accept(listener, $0, &length) }
        }
        guard accepted >= 0 else { throw LinuxError(call: "accept", object: "a connection", code: errno) }
        let isLong = Int32(storage.ss_family) == AF_INET6
        let address = withUnsafeBytes(of: &storage) { raw in
            // struct sockaddr_in and sockaddr_in6: the address is behind family and port, and there behind a flow label.
            isLong ? Array(raw[8..<24]) : Array(raw[4..<8])
        }
        return (SharedDescriptor(takingOwnershipOf: accepted), address)
    }

    /// Has a connection end whose peer does not answer for so many seconds, also when nothing is sent (TCP_KEEPIDLE and
    /// TCP_USER_TIMEOUT of tcp(7)), and what is written go out at once (TCP_NODELAY).
    public static func keepLively(_ socket: SharedDescriptor, seconds: Int32) {
        var (on, seconds, milliseconds): (Int32, Int32, Int32) = (1, seconds, seconds * 1000)
        let tcp = Int32(IPPROTO_TCP)
        setsockopt(socket.rawValue, SOL_SOCKET, SO_KEEPALIVE, &on, 4)
        setsockopt(socket.rawValue, tcp, 4, &seconds, 4)
        setsockopt(socket.rawValue, tcp, 18, &milliseconds, 4)
        setsockopt(socket.rawValue, tcp, 1, &on, 4)
    }

    private static func open(
        _ host: String, _ port: UInt16, flags: Int32, _ call: String,
        _ use: (Int32, UnsafeMutablePointer<addrinfo>) -> Bool
    ) throws(LinuxError) -> SharedDescriptor {
        let object = "\(host):\(port)"
        var hints = addrinfo()
        hints.ai_flags = flags | AI_NUMERICSERV
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        let name = host.isEmpty || host == "localhost" ? "127.0.0.1" : host
        guard getaddrinfo(name, "\(port)", &hints, &found) == 0, let found else {
            throw LinuxError(call: "getaddrinfo", object: object, code: ENOENT)
        }
        defer { freeaddrinfo(found) }
        var failure = ENOENT
        var next: UnsafeMutablePointer<addrinfo>? = found
        while let address = next {
            let made = socket(address.pointee.ai_family, Int32(SOCK_STREAM.rawValue) | O_CLOEXEC, 0)
            if made >= 0 {
                let owned = SharedDescriptor(takingOwnershipOf: made)
                if use(made, address) { return owned }
            }
            failure = errno
            next = address.pointee.ai_next
        }
        throw LinuxError(call: call, object: object, code: failure)
    }
}
