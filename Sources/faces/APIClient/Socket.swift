internal import Glibc

/// A connected stream socket, closed when its owner goes away.
struct Socket: ~Copyable {
    let descriptor: Int32

    /// The result of one receive.
    enum Received {
        case bytes([UInt8])
        case nothingYet
        case end
    }

    /// The most bytes of one receive.
    static let chunk = 64 * 1024

    init(to address: EngineAddress, through tunnel: Tunnel? = nil) throws(ClientError) {
        if let tunnel {
            descriptor = try tunnel.open()
            return
        }
        let family: Int32
        switch address {
        case .unix: family = AF_UNIX
        case .tcp: family = AF_INET
        }
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let descriptor = Glibc.socket(family, kind, 0)
        guard descriptor >= 0 else { throw .system(operation: "socket", errno: errno) }
        let failure = Socket.connect(descriptor, to: address)
        guard failure == 0 else {
            close(descriptor)
            throw .unreachable(address, errno: failure)
        }
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    private static func connect(_ descriptor: Int32, to address: EngineAddress) -> Int32 {
        var result: Int32
        repeat {
            switch address {
            case .unix(let path):
                var name = sockaddr_un()
                name.sun_family = sa_family_t(AF_UNIX)
                withUnsafeMutableBytes(of: &name.sun_path) { field in
                    for (index, byte) in path.utf8.prefix(field.count - 1).enumerated() { field[index] = byte }
                }
                result = withUnsafeBytes(of: &name) { bytes in
                    connectBytes(descriptor, bytes)
                }
            case .tcp(let host, let port):
                var name = sockaddr_in()
                name.sin_family = sa_family_t(AF_INET)
                name.sin_port = port.bigEndian
                name.sin_addr.s_addr = (EngineAddress.ipv4(host) ?? 0).bigEndian
                result = withUnsafeBytes(of: &name) { bytes in
                    connectBytes(descriptor, bytes)
                }
            }
        } while result == EINTR
        return result
    }

    private static func connectBytes(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int32 {
        guard let address = bytes.assumingMemoryBound(to: sockaddr.self).baseAddress else { return EINVAL }
        return Glibc.connect(descriptor, address, socklen_t(bytes.count)) == 0 ? 0 : errno
    }

    /// Returns the bytes that have arrived. With `wait` it blocks until bytes come or the peer closes. A reset counts
    /// as the end.
    func receive(wait: Bool) throws(ClientError) -> Received {
        let descriptor = self.descriptor
        var count = 0
        var failure: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: Socket.chunk) { buffer, used in
            repeat {
                count = recv(descriptor, buffer.baseAddress, buffer.count, wait ? 0 : Int32(MSG_DONTWAIT))
                failure = errno
            } while count < 0 && failure == EINTR
            used = max(0, count)
        }
        if count > 0 { return .bytes(bytes) }
        if count == 0 || failure == ECONNRESET || failure == EPIPE { return .end }
        if failure == EAGAIN || failure == EWOULDBLOCK { return .nothingYet }
        throw .system(operation: "recv", errno: failure)
    }

    /// Whether the peer has neither sent bytes nor closed.
    var isQuiet: Bool {
        var byte: UInt8 = 0
        return recv(descriptor, &byte, 1, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT)) < 0
            && (errno == EAGAIN || errno == EWOULDBLOCK)
    }

    /// Sends as much as the kernel takes now and returns the number of bytes; `nil` when the peer will take no more.
    func sendSome(_ bytes: ArraySlice<UInt8>) throws(ClientError) -> Int? {
        try send(bytes, flags: Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
    }

    /// Sends all bytes; returns false when the peer closed before.
    func sendAll(_ bytes: [UInt8]) throws(ClientError) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            guard let sent = try send(rest, flags: Int32(MSG_NOSIGNAL)) else { return false }
            rest = rest.dropFirst(sent)
        }
        return true
    }

    private func send(_ bytes: ArraySlice<UInt8>, flags: Int32) throws(ClientError) -> Int? {
        let descriptor = self.descriptor
        var failure: Int32 = 0
        while true {
            let count = bytes.withUnsafeBytes { buffer in
                let count = Glibc.send(descriptor, buffer.baseAddress, buffer.count, flags)
                failure = errno
                return count
            }
            if count >= 0 { return count }
            if failure == EINTR { continue }
            if failure == EAGAIN || failure == EWOULDBLOCK { return 0 }
            if failure == EPIPE || failure == ECONNRESET { return nil }
            throw .system(operation: "send", errno: failure)
        }
    }

    /// Ends the sending side for the peer; receiving goes on.
    func finishSending() { _ = shutdown(descriptor, Int32(SHUT_WR)) }
}
