public import Model

/// A decoder of the multiplexed stream of attach, exec and logs. A frame is a head of eight bytes (stream, three zeros,
/// length with the highest byte first) and its payload.
public struct FrameDecoder {
    /// The origin of a frame's payload.
    public enum Origin: Hashable, Sendable {
        /// An output of the process.
        case process(OutputStream)
        /// The engine, which reports an error of its own.
        case engine

        /// The origin by its number on the wire; `nil` for an unknown one. Input that is sent back counts as output.
        public init?(number: UInt8) {
            switch number {
            case 0: self = .process(.stdout)
            case 3: self = .engine
            default:
                guard let stream = OutputStream(rawValue: number) else { return nil }
                self = .process(stream)
            }
        }
    }

    /// A piece of a frame; a long frame comes in several pieces.
    public struct Piece: Hashable, Sendable {
        /// The origin of the piece.
        public var origin: Origin
        /// The bytes of the payload.
        public var bytes: [UInt8]
    }

    private var head: [UInt8] = []
    private var current = Origin.process(.stdout)
    private var left = 0

    /// A decoder at the start of a stream.
    public init() {}

    /// Whether the stream may end here without loss.
    public var isBetweenFrames: Bool { head.isEmpty && left == 0 }

    /// The pieces among received bytes. Successive frames of one output become one piece, except messages of the
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
            guard let origin = Origin(number: head[0]) else {
                throw .malformed("Unrecognized input header: \(head[0])")
            }
            current = origin
            left = head[4...].reduce(0) { $0 << 8 | Int($1) }
            head.removeAll(keepingCapacity: true)
        }
        return pieces
    }

    /// Adds to the last piece of the same output: each line is a frame, and a write for each would be most of a long
    /// log's cost.
    private func add(_ bytes: ArraySlice<UInt8>, to pieces: inout [Piece], of count: Int) {
        if let last = pieces.indices.last, pieces[last].origin == current, current != .engine {
            pieces[last].bytes += bytes
        } else {
            var piece = Piece(origin: current, bytes: [])
            piece.bytes.reserveCapacity(max(bytes.count, pieces.isEmpty ? count : 0))
            piece.bytes += bytes
            pieces.append(piece)
        }
    }
}
