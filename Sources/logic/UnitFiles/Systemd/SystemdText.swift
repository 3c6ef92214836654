/// A text in a unit: literal bytes, and what systemd puts in their place when it loads the unit or runs a command.
public typealias SystemdText = PiecedText<SystemdPiece>

/// A part of a text in a unit (systemd.unit(5), "Specifiers"; systemd.service(5), "Command lines").
public enum SystemdPiece: TextPiece {
    /// Bytes that arrive as they are.
    case literal(ByteString)
    /// `%n`, `%i`, `%t`…: the letter.
    case specifier(UInt8)
    /// `${NAME}`, in commands only: the value as part of the word.
    case variable(ByteString)
    /// `$NAME`, in commands only and alone in its word: the value's words, none or many.
    case splitVariable(ByteString)

    /// The bytes of a literal piece.
    public var literal: ByteString? { if case .literal(let bytes) = self { bytes } else { nil } }
}

extension SystemdText {
    /// The specifier `%letter`.
    public static func specifier(_ letter: Character) -> SystemdText {
        SystemdText([.specifier(letter.asciiValue ?? 0)])
    }
}
