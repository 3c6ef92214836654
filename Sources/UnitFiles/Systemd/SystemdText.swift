/// A text in a unit: literal bytes, and what systemd puts in their place when it loads the unit or runs a command.
///
/// The pieces are kept in one form only: neighbours that are both literal are one piece, and none is empty. So two texts that
/// mean the same are equal.
public struct SystemdText: Hashable, Sendable {
    /// A part of a text.
    public enum Piece: Hashable, Sendable {
        /// Bytes that arrive as they are.
        case literal(ByteString)
        /// `%n`, `%i`, `%t`…: the letter.
        case specifier(UInt8)
        /// `${NAME}`, in commands only: the value as part of the word.
        case variable(ByteString)
        /// `$NAME`, in commands only and alone in its word: the value's words, none or many.
        case splitVariable(ByteString)
    }

    /// The pieces.
    public let pieces: [Piece]

    /// Joins pieces.
    public init(_ pieces: [Piece]) {
        var joined: [Piece] = []
        for piece in pieces {
            if case .literal(let more) = piece {
                if more.isEmpty { continue }
                if case .literal(let before)? = joined.last {
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

    /// The specifier `%letter`.
    public static func specifier(_ letter: Character) -> SystemdText {
        SystemdText([.specifier(letter.asciiValue ?? 0)])
    }

    /// One text after another.
    public static func + (a: SystemdText, b: SystemdText) -> SystemdText { SystemdText(a.pieces + b.pieces) }

    /// Whether it is the empty text.
    public var isEmpty: Bool { pieces.isEmpty }

    /// The bytes, when there is nothing but literal bytes.
    public var literal: ByteString? {
        if pieces.isEmpty { return ByteString([]) }
        if pieces.count == 1, case .literal(let bytes) = pieces[0] { return bytes }
        return nil
    }
}

extension SystemdText: ExpressibleByStringLiteral {
    /// A literal text: nothing in it is special.
    public init(stringLiteral text: String) { self.init(text) }
}
