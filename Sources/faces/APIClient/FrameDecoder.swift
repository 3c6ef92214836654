/// Splits the multiplexed stream of attach, exec and logs into its frames: eight bytes of head (stream, three
/// zeros, length with the highest byte first), then the payload.
public struct FrameDecoder {
    /// Where a frame's payload belongs.
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
        /// Where it belongs.
        public var stream: Stream
        /// Its bytes.
        public var bytes: [UInt8]
    }

    private var head: [UInt8] = []
    private var current = Stream.output
    private var left = 0

    /// A decoder at the start of a stream.
    public init() {}

    /// Whether the stream may end here without a loss.
    public var isBetweenFrames: Bool { head.isEmpty && left == 0 }

    /// The pieces within what came from the wire, frames of one stream that follow each other as one; messages of the
    /// engine stay apart. A stream number above 3 is malformed.
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

    /// A line is a frame, and a write for each line is what a long log would cost most.
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
