/// A connection that the engine has taken over to a raw stream: attach and exec.
public final class HijackedStream {
    /// Whether the engine said that the stream has frames; `nil` when it did not say (before API 1.42).
    public let isMultiplexed: Bool?

    private let socket: Socket
    private var early: [UInt8]

    init(head: ResponseHead, rest: [UInt8], socket: consuming Socket) {
        switch head.header("Content-Type") {
        case "application/vnd.docker.multiplexed-stream": isMultiplexed = true
        case .some, .none: isMultiplexed = nil
        }
        self.socket = socket
        self.early = rest
    }

    /// For poll(2), by the programs of this package only.
    package var descriptor: Int32 { socket.descriptor }

    /// Whether bytes can be had without waiting for the descriptor.
    package var hasPending: Bool { !early.isEmpty }

    /// What has arrived; never blocks. A reset counts as the end.
    public func receive() throws(ClientError) -> Response.Received {
        if !early.isEmpty {
            let bytes = early
            early = []
            return .bytes(bytes)
        }
        switch try socket.receive(wait: false) {
        case .bytes(let bytes): return .bytes(bytes)
        case .nothingYet: return .nothingYet
        case .end: return .end
        }
    }

    /// Sends as much as the kernel takes now and tells how much; `nil` when the engine takes nothing more, ever.
    public func send(_ bytes: ArraySlice<UInt8>) throws(ClientError) -> Int? { try socket.sendSome(bytes) }

    /// Tells the engine that the input has ended; output goes on.
    public func finishSending() { socket.finishSending() }
}
