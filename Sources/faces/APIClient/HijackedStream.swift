/// A connection that the engine made a raw stream, for attach and exec.
public final class HijackedStream {
    /// Whether the stream has frames, by the engine's answer; `nil` when the answer leaves it open (before API 1.42).
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

    /// The descriptor for poll(2), for the programs of this package only.
    package var descriptor: Int32 { socket.descriptor }

    /// Whether `receive` has bytes without waiting for the descriptor.
    package var hasPending: Bool { !early.isEmpty }

    /// Returns the bytes that have arrived; never blocks. A reset counts as the end.
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

    /// Sends as much as the kernel takes now and returns the number of bytes; `nil` when the engine will take no more.
    public func send(_ bytes: ArraySlice<UInt8>) throws(ClientError) -> Int? { try socket.sendSome(bytes) }

    /// Ends the input for the engine; output goes on.
    public func finishSending() { socket.finishSending() }
}
