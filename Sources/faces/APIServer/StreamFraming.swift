internal import Model
internal import NIOCore

/// How the output of a process is written into a raw stream.
enum StreamFraming: Sendable {
    /// As it is: the process has a terminal.
    case raw
    /// In frames with heads of eight bytes, which keep its streams apart.
    case multiplexed
    /// In WebSocket frames, which do not.
    case webSocket(WebSocketHandshake, binary: Bool)

    /// The framing for a client that takes the process to have a terminal, or not.
    init(terminal: Bool) { self = terminal ? .raw : .multiplexed }

    /// A piece of output.
    func frame(_ stream: OutputStream, _ bytes: ByteBuffer) -> ByteBuffer {
        switch self {
        case .raw: return bytes
        case .multiplexed:
            var framed = ByteBufferAllocator().buffer(capacity: 8 + bytes.readableBytes)
            framed.writeMultipleIntegers(stream.rawValue, UInt8(0), UInt8(0), UInt8(0), UInt32(bytes.readableBytes))
            framed.writeImmutableBuffer(bytes)
            return framed
        case .webSocket(_, let binary): return WebSocketFrame.data(bytes, binary: binary)
        }
    }

    /// What is written behind the last piece.
    var end: ByteBuffer { if case .webSocket = self { WebSocketFrame.close(.normal) } else { ByteBuffer() } }
}
