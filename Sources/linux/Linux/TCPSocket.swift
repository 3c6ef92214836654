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
