/// A string of bytes, as the kernel passes arguments, environment values and paths: any byte but NUL, whatever the encoding.
public struct ByteString: Hashable, Sendable {
    /// The bytes.
    public var bytes: [UInt8]

    /// Wraps bytes.
    public init(_ bytes: some Sequence<UInt8>) { self.bytes = Array(bytes) }

    /// The UTF-8 of a text.
    public init(_ text: some StringProtocol) { self.bytes = Array(text.utf8) }

    /// Whether there is nothing in it.
    public var isEmpty: Bool { bytes.isEmpty }

    /// The text, when the bytes are UTF-8.
    public var text: String? { String(validating: bytes, as: UTF8.self) }
}

extension ByteString: ExpressibleByStringLiteral {
    /// The UTF-8 of a literal.
    public init(stringLiteral text: String) { self.init(text) }
}

extension ByteString: Comparable {
    /// The order of the bytes, as `strcmp` has it.
    public static func < (a: ByteString, b: ByteString) -> Bool { a.bytes.lexicographicallyPrecedes(b.bytes) }
}

extension ByteString: CustomStringConvertible {
    /// The text for a message: printable characters as they are, everything else as `\xNN`; at most 120 bytes of it.
    public var description: String {
        let shown = bytes.prefix(Self.shownBytes)
        var answer = ""
        if let text = String(validating: shown, as: UTF8.self) {
            for scalar in text.unicodeScalars {
                if scalar.value < 0x20 || scalar.value == 0x7F {
                    answer += Self.escape(UInt8(truncatingIfNeeded: scalar.value))
                } else {
                    answer.unicodeScalars.append(scalar)
                }
            }
        } else {
            for byte in shown {
                answer += (0x20..<0x7F).contains(byte) ? String(UnicodeScalar(byte)) : Self.escape(byte)
            }
        }
        return bytes.count > Self.shownBytes ? answer + "… (\(bytes.count) bytes)" : answer
    }

    private static let shownBytes = 120

    private static func escape(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16)
        return "\\x" + (digits.count == 1 ? "0" : "") + digits
    }
}
