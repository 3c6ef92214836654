/// A decoder of the multiplexed stream of attach, exec and logs. A frame is a head of eight bytes (stream, three zeros,
/// length with the highest byte first) and its payload.
public struct FrameDecoder {
    /// The stream to which a frame's payload belongs.
    public enum Stream: UInt8, Sendable {
        /// An echo of the input; shown as output.
        case input = 0
        /// Standard output.
        case output = 1
        /// Standard error.
        case error = 2
        /// A message of the engine about an error of its own.
        case system = 3
    }

    /// A piece of a frame; a long frame comes in several pieces.
    public struct Piece: Hashable, Sendable {
        /// The stream to which the piece belongs.
        public var stream: Stream
        /// The bytes of the payload.
        public var bytes: [UInt8]
    }

    private var head: [UInt8] = []
    private var current = Stream.output
    private var left = 0

    /// A decoder at the start of a stream.
    public init() {}

    /// Whether the stream may end here without loss.
    public var isBetweenFrames: Bool { head.isEmpty && left == 0 }

    /// The pieces among received bytes. Successive frames of one stream become one piece, except messages of the
    /// engine. A stream number above 3 is malformed.
    public mutating func decode(_ bytes: [UInt8]) throws(ClientError) -> [Piece] {
        var pieces: [Piece] = []
        var at = 0
        while at < bytes.count {
            if left > 0 {
                let end = min(bytes.count, at + left)
                add(bytes[at..<end], to: &pieces, of: bytes.count)
                left -= end - at
                at = end
                continue
            }
            let end = min(bytes.count, at + 8 - head.count)
            head += bytes[at..<end]
            at = end
            guard head.count == 8 else { break }
            guard let stream = Stream(rawValue: head[0]) else {
                throw .malformed("Unrecognized input header: \(head[0])")
            }
            current = stream
            left = head[4...].reduce(0) { $0 << 8 | Int($1) }
            head.removeAll(keepingCapacity: true)
        }
        return pieces
    }

    /// Adds to the last piece of the same stream: each line is a frame, and a write for each would be most of a long
    /// log's cost.
    private func add(_ bytes: ArraySlice<UInt8>, to pieces: inout [Piece], of count: Int) {
        if let last = pieces.indices.last, pieces[last].stream == current, current != .system {
            pieces[last].bytes += bytes
        } else {
            var piece = Piece(stream: current, bytes: [])
            piece.bytes.reserveCapacity(max(bytes.count, pieces.isEmpty ? count : 0))
            piece.bytes += bytes
            pieces.append(piece)
        }
    }
}
