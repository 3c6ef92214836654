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

    /// The pieces within what came from the wire; a stream number above 3 is malformed.
    public mutating func decode(_ bytes: [UInt8]) throws(EngineError) -> [Piece] {
        var pieces: [Piece] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            if left > 0 {
                let taken = rest.prefix(left)
                pieces.append(Piece(stream: current, bytes: Array(taken)))
                left -= taken.count
                rest = rest.dropFirst(taken.count)
                continue
            }
            let taken = rest.prefix(8 - head.count)
            head += taken
            rest = rest.dropFirst(taken.count)
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
}
