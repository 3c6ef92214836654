internal import Glibc

/// send(2) and recv(2) of connected sockets, again when a signal came first. A peer that is gone is an error and no SIGPIPE.
public enum SocketTransfer {
    /// Sends once, as much as there is room for; with `waits` it waits for some. EPIPE or ECONNRESET when the peer is gone.
    public static func send(_ socket: Int32, _ bytes: UnsafeRawBufferPointer, waits: Bool) -> RawTransfer.Outcome {
        let flags = Int32(MSG_NOSIGNAL) | (waits ? 0 : Int32(MSG_DONTWAIT))
        while true {
            let count = Glibc.send(socket, bytes.baseAddress, bytes.count, flags)
            if count >= 0 { return .moved(count) }
            if errno != EINTR { return errno == EAGAIN ? .wouldBlock : .failed(code: errno) }
        }
    }

    /// Receives once, what is there; with `waits` it waits for some. With `leaves` the next call receives the same again
    /// (MSG_PEEK).
    public static func receive(
        _ socket: Int32, into buffer: UnsafeMutableRawBufferPointer, waits: Bool, leaves: Bool = false
    ) -> RawTransfer.Outcome {
        let flags = (waits ? 0 : Int32(MSG_DONTWAIT)) | (leaves ? Int32(MSG_PEEK) : 0)
        while true {
            let count = recv(socket, buffer.baseAddress, buffer.count, flags)
            if count >= 0 { return count == 0 ? .end : .moved(count) }
            if errno != EINTR { return errno == EAGAIN ? .wouldBlock : .failed(code: errno) }
        }
    }

    /// Says that nothing more is sent; receiving goes on (shutdown(2)).
    public static func finishSending(_ socket: Int32) { _ = shutdown(socket, Int32(SHUT_WR)) }

    /// Ends the connection in both directions; who waits on it wakes up.
    public static func end(_ socket: Int32) { _ = shutdown(socket, Int32(SHUT_RDWR)) }

    /// Asks for room for so many bytes that the peer has yet to take (SO_SNDBUFFORCE, or SO_SNDBUF within the system's bound for
    /// who has no CAP_NET_ADMIN; socket(7)).
    public static func setSendBuffer(_ socket: Int32, bytes: Int32) {
        var size = bytes
        if setsockopt(socket, SOL_SOCKET, 32, &size, 4) != 0 { setsockopt(socket, SOL_SOCKET, SO_SNDBUF, &size, 4) }
    }
}
