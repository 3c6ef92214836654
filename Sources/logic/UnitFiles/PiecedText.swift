/// A part of a text: literal bytes, or something in whose place others stand when the text is used.
public protocol TextPiece: Hashable, Sendable {
    /// Bytes that arrive as they are.
    static func literal(_ bytes: ByteString) -> Self
    /// Those bytes; `nil` for everything else.
    var literal: ByteString? { get }
}

/// A text of pieces in one form only: neighbours that are both literal are one piece, and none is empty. So two texts that mean
/// the same are equal.
public struct PiecedText<Piece: TextPiece>: Hashable, Sendable {
    /// The pieces.
    public let pieces: [Piece]

    /// Joins pieces.
    public init(_ pieces: [Piece]) {
        var joined: [Piece] = []
        for piece in pieces {
            if let more = piece.literal {
                if more.isEmpty { continue }
                if let before = joined.last?.literal {
                    joined[joined.count - 1] = .literal(ByteString(before.bytes + more.bytes))
                    continue
                }
            }
            joined.append(piece)
        }
        self.pieces = joined
    }

    /// A literal text: nothing in it is special.
    public init(_ bytes: ByteString) { self.init([.literal(bytes)]) }

    /// A literal text: nothing in it is special.
    public init(_ text: some StringProtocol) { self.init(ByteString(text)) }

    /// One text after another.
    public static func + (a: Self, b: Self) -> Self { Self(a.pieces + b.pieces) }

    /// Whether it is the empty text.
    public var isEmpty: Bool { pieces.isEmpty }

    /// The bytes, when there is nothing but literal bytes.
    public var literal: ByteString? {
        if pieces.isEmpty { return ByteString([]) }
        return pieces.count == 1 ? pieces[0].literal : nil
    }
}

extension PiecedText: ExpressibleByStringLiteral {
    /// A literal text: nothing in it is special.
    public init(stringLiteral text: String) { self.init(text) }
}
