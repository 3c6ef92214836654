internal import Linux

/// A connected stream socket, closed when its owner goes away.
struct Socket: ~Copyable {
    private let connection: OwnedDescriptor

    var descriptor: Int32 { connection.rawValue }

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
            connection = try tunnel.open()
            return
        }
        do throws(LinuxError) {
            switch address {
            case .unix(let path): connection = try UnixSocket.connect(to: path)
            case .tcp(let host, let port):
                connection = try TCPSocket.connect(address: EngineAddress.ipv4(host) ?? 0, port: port)
            }
        } catch {
            if error.call == "socket" { throw .system(operation: "open a socket to the engine", errno: error.code) }
            throw .unreachable(address, errno: error.code)
        }
    }

    /// Returns the bytes that have arrived. With `wait` it blocks until bytes come or the peer closes. A reset counts
    /// as the end.
    func receive(wait: Bool) throws(ClientError) -> Received {
        let descriptor = self.descriptor
        var outcome = RawTransfer.Outcome.end
        let bytes = [UInt8](unsafeUninitializedCapacity: Socket.chunk) { buffer, used in
            outcome = SocketTransfer.receive(descriptor, into: UnsafeMutableRawBufferPointer(buffer), waits: wait)
            if case .moved(let count) = outcome { used = count }
        }
        switch outcome {
        case .moved: return .bytes(bytes)
        case .wouldBlock: return .nothingYet
        case .end, .failed(Errno.connectionReset), .failed(Errno.brokenPipe): return .end
        case .failed(let code): throw .system(operation: "receive from the engine", errno: code)
        }
    }

    /// Whether the peer has neither sent bytes nor closed.
    var isQuiet: Bool {
        var byte: UInt8 = 0
        let outcome = withUnsafeMutableBytes(of: &byte) {
            SocketTransfer.receive(descriptor, into: $0, waits: false, leaves: true)
        }
        if case .wouldBlock = outcome { return true }
        return false
    }

    /// Sends as much as the kernel takes now and returns the number of bytes; `nil` when the peer will take no more.
    func sendSome(_ bytes: ArraySlice<UInt8>) throws(ClientError) -> Int? { try send(bytes, waits: false) }

    /// Sends all bytes; returns false when the peer closed before.
    func sendAll(_ bytes: [UInt8]) throws(ClientError) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            guard let sent = try send(rest, waits: true) else { return false }
            rest = rest.dropFirst(sent)
        }
        return true
    }

    private func send(_ bytes: ArraySlice<UInt8>, waits: Bool) throws(ClientError) -> Int? {
        let descriptor = self.descriptor
        switch bytes.withUnsafeBytes({ SocketTransfer.send(descriptor, $0, waits: waits) }) {
        case .moved(let count): return count
        case .wouldBlock: return 0
        case .end, .failed(Errno.brokenPipe), .failed(Errno.connectionReset): return nil
        case .failed(let code): throw .system(operation: "send to the engine", errno: code)
        }
    }

    /// Ends the sending side for the peer; receiving goes on.
    func finishSending() { SocketTransfer.finishSending(descriptor) }
}
