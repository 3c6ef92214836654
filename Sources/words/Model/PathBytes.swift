/// A path as a client named it: bytes, which need not be UTF-8.
public struct PathBytes: Hashable, Sendable {
    /// The bytes.
    public let bytes: [UInt8]

    /// A path by its bytes.
    public init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// For people; bytes that are no text are replaced.
    public var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Whether `text` has the same bytes.
    public var isText: Bool { bytes.elementsEqual(text.utf8) }

    /// Its bytes as hexadecimal digits.
    public var hexadecimal: String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    /// By what `hexadecimal` wrote; `nil` for anything else.
    public init?(hexadecimal text: String) {
        let digits = Array(text.utf8)
        guard digits.count.isMultiple(of: 2), digits.allSatisfy(\.isLowerHexDigit) else { return nil }
        let values = digits.map { $0 < 0x3A ? $0 & 15 : ($0 & 15) &+ 9 }
        bytes = stride(from: 0, to: values.count, by: 2).map { values[$0] << 4 | values[$0 + 1] }
    }
}

extension PathBytes: ExpressibleByStringLiteral {
    /// The bytes of a text.
    public init(stringLiteral text: String) { self.init(Array(text.utf8)) }
}
