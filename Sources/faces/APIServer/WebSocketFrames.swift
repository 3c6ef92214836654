internal import Model
internal import NIOCore

/// WebSocket frames of a client, read as they come (RFC 6455, section 5). What is held is a head and a control frame at most.
struct WebSocketReader {
    /// What a piece of input held.
    struct Input {
        /// Payload of data frames, one after the other.
        var data = ByteBuffer()
        /// Payloads of pings, which want to be answered.
        var pings: [ByteBuffer] = []
        /// Why no more is read: the client ended the stream, or broke the protocol.
        var end: WebSocketClosing?
    }

    private struct Head {
        let opcode: UInt8
        let length: UInt64
        let key: [UInt8]
        /// Bytes of the head itself.
        let size: Int
    }

    private static let (pingOpcode, closeOpcode): (UInt8, UInt8) = (0x9, 0x8)

    private var rest = ByteBuffer()
    /// Bytes of the present data frame that are still to come, and their mask, the next byte's first.
    private var left: UInt64 = 0
    private var key: [UInt8] = []

    /// Reads a piece of input.
    mutating func read(_ bytes: ByteBuffer) -> Input {
        rest.writeImmutableBuffer(bytes)
        var input = Input()
        // bounded: by the bytes at hand, as each turn takes some.
        while input.end == nil, readFrame(into: &input) {}
        rest.discardReadBytes()
        return input
    }

    /// Reads a frame, or more of its data; false when more bytes are needed.
    private mutating func readFrame(into input: inout Input) -> Bool {
        if left > 0 { return readData(into: &input) }
        guard rest.readableBytes >= 2 else { return false }
        do {
            guard let head = try head() else { return false }
            guard head.opcode >= Self.closeOpcode else {
                rest.moveReaderIndex(forwardBy: head.size)
                (left, key) = (head.length, head.key)
                return true
            }
            guard rest.readableBytes >= head.size + Int(head.length) else { return false }
            rest.moveReaderIndex(forwardBy: head.size)
            key = head.key
            let payload = unmasked(Int(head.length))
            if head.opcode == Self.pingOpcode { input.pings.append(payload) }
            if head.opcode == Self.closeOpcode { input.end = .normal }
        } catch {
            input.end = error
        }
        return true
    }

    private mutating func readData(into input: inout Input) -> Bool {
        let count = Int(min(left, UInt64(rest.readableBytes)))
        guard count > 0 else { return false }
        input.data.writeImmutableBuffer(unmasked(count))
        left -= UInt64(count)
        return true
    }

    /// The head at hand; `nil` while it is incomplete.
    private func head() throws(WebSocketClosing) -> Head? {
        let start = rest.readerIndex
        guard let first = rest.getInteger(at: start, as: UInt8.self),
            let second = rest.getInteger(at: start + 1, as: UInt8.self)
        else { return nil }
        let opcode = first & 0x0F
        // No extension was agreed to, and every frame of a client is masked (sections 5.2 and 5.1).
        guard first & 0x70 == 0, second & 0x80 != 0, [0, 1, 2, 8, 9, 10].contains(opcode) else { throw .wrong }
        let short = second & 0x7F
        let isFinal = first & 0x80 != 0
        guard opcode < Self.closeOpcode || isFinal && short < 126 else { throw .wrong }
        let extra = short == 126 ? 2 : short == 127 ? 8 : 0
        guard let key = rest.getBytes(at: start + 2 + extra, length: 4) else { return nil }
        let length: UInt64? =
            switch extra {
            case 2: rest.getInteger(at: start + 2, as: UInt16.self).map { UInt64($0) }
            case 8: rest.getInteger(at: start + 2, as: UInt64.self)
            default: UInt64(short)
            }
        guard let length, length <= UInt64(Int64.max) else { throw .wrong }
        return Head(opcode: opcode, length: length, key: key, size: 6 + extra)
    }

    /// The next bytes, without their mask. There must be so many.
    private mutating func unmasked(_ count: Int) -> ByteBuffer {
        guard count > 0, var bytes = rest.readBytes(length: count) else { return ByteBuffer() }
        for at in bytes.indices { bytes[at] ^= key[at % 4] }
        key = (0..<4).map { key[($0 + count) % 4] }
        return ByteBuffer(bytes: bytes)
    }
}

/// The reason for which a WebSocket ends (RFC 6455, section 7.4).
enum WebSocketClosing: UInt16, ReadableError {
    case normal = 1000
    case wrong = 1002

    var message: String { "the WebSocket has ended" }
}

/// WebSocket frames of a server.
enum WebSocketFrame {
    /// Data in a frame of their own.
    static func data(_ bytes: ByteBuffer, binary: Bool) -> ByteBuffer { frame(binary ? 0x2 : 0x1, bytes) }

    /// The answer to a ping.
    static func pong(_ payload: ByteBuffer) -> ByteBuffer { frame(0xA, payload) }

    /// The end of the stream.
    static func close(_ reason: WebSocketClosing) -> ByteBuffer { frame(0x8, ByteBuffer(integer: reason.rawValue)) }

    private static func frame(_ opcode: UInt8, _ payload: ByteBuffer) -> ByteBuffer {
        var frame = ByteBufferAllocator().buffer(capacity: 10 + payload.readableBytes)
        frame.writeInteger(0x80 | opcode)
        switch payload.readableBytes {
        case ..<126: frame.writeInteger(UInt8(payload.readableBytes))
        case ..<65536: frame.writeMultipleIntegers(UInt8(126), UInt16(payload.readableBytes))
        default: frame.writeMultipleIntegers(UInt8(127), UInt64(payload.readableBytes))
        }
        frame.writeImmutableBuffer(payload)
        return frame
    }
}
