/// Cuts a value into words as `extract_first_word` of systemd does: quotes of both kinds anywhere in a word, and backslashes by their
/// kind.
struct SystemdWordReader {
    /// What a backslash does.
    enum Escapes {
        /// It begins an escape of C.
        case c
        /// It makes the next byte an ordinary one.
        case literal
        /// It is a byte like others.
        case none
    }

    private var rest: ArraySlice<UInt8>
    private let escapes: Escapes

    init(_ bytes: [UInt8], escapes: Escapes) {
        rest = bytes[...].drop(while: \.isSystemdSpace)
        self.escapes = escapes
    }

    /// Whether no word follows.
    var isAtEnd: Bool { rest.isEmpty }

    /// Takes a `;` that stands alone and ends a command.
    mutating func takeSeparator() -> Bool {
        guard rest.first == 0x3B, rest.dropFirst().first?.isSystemdSpace ?? true else { return false }
        rest = rest.dropFirst().drop(while: \.isSystemdSpace)
        return true
    }

    /// The next word; nil when quotes stay open or an escape is none.
    mutating func next() -> [UInt8]? {
        // `\;` alone is a `;` that ends nothing.
        if escapes == .c, rest.starts(with: [0x5C, 0x3B]), rest.dropFirst(2).first?.isSystemdSpace ?? true {
            rest = rest.dropFirst(2).drop(while: \.isSystemdSpace)
            return [0x3B]
        }
        var word: [UInt8] = []
        var quote: UInt8?
        while let byte = rest.first {
            if let open = quote {
                rest = rest.dropFirst()
                if byte == open {
                    quote = nil
                } else if byte == 0x5C, escapes != .none {
                    guard let unescaped = unescape() else { return nil }
                    word += unescaped
                } else {
                    word.append(byte)
                }
                continue
            }
            if byte.isSystemdSpace { break }
            rest = rest.dropFirst()
            if byte == 0x22 || byte == 0x27 {
                quote = byte
            } else if byte == 0x5C, escapes != .none {
                guard let unescaped = unescape() else { return nil }
                word += unescaped
            } else {
                word.append(byte)
            }
        }
        guard quote == nil else { return nil }
        rest = rest.drop(while: \.isSystemdSpace)
        return word
    }

    /// What stands for an escape, its backslash taken already. One that systemd does not know is kept as it is.
    private mutating func unescape() -> [UInt8]? {
        guard let letter = rest.popFirst() else { return nil }
        if escapes == .literal { return [letter] }
        switch letter {
        case 0x61: return [0x07]
        case 0x62: return [0x08]
        case 0x66: return [0x0C]
        case 0x6E: return [0x0A]
        case 0x72: return [0x0D]
        case 0x73: return [0x20]
        case 0x74: return [0x09]
        case 0x76: return [0x0B]
        case 0x5C, 0x22, 0x27: return [letter]
        case 0x78: return number(digits: 2, radix: 16).map { [UInt8(truncatingIfNeeded: $0)] }
        case 0x75: return number(digits: 4, radix: 16).flatMap(Self.scalar)
        case 0x55: return number(digits: 8, radix: 16).flatMap(Self.scalar)
        case 0x30...0x37:
            guard let value = number(digits: 2, radix: 8, first: UInt32(letter - 0x30)), value < 256 else { return nil }
            return [UInt8(value)]
        default: return [0x5C, letter]
        }
    }

    private mutating func number(digits: Int, radix: Int, first: UInt32 = 0) -> UInt32? {
        let text = rest.prefix(digits)
        guard text.count == digits, text.allSatisfy(\.isAlphanumeric),
            let tail = UInt32(String(decoding: text, as: UTF8.self), radix: radix)
        else { return nil }
        rest = rest.dropFirst(digits)
        // NUL ends every text.
        let value = first &* 64 &+ tail
        return value == 0 ? nil : value
    }

    private static func scalar(_ value: UInt32) -> [UInt8]? { Unicode.Scalar(value).map { Array(String($0).utf8) } }
}
