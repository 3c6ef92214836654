/// The identity of a container: 64 lower-case hexadecimal digits, as Docker writes them.
public struct ContainerID: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The 64 digits.
    public let text: String

    /// An identity from its full text; `nil` unless it is exactly 64 lower-case hexadecimal digits.
    @inlinable public init?(_ text: some StringProtocol) {
        guard text.utf8.count == 64, text.utf8.allSatisfy(\.isLowerHexDigit) else { return nil }
        self.text = String(text)
    }

    /// A fresh identity. The first twelve digits are never all decimal, as Docker avoids such host names.
    public static func random(using generator: inout some RandomNumberGenerator) -> ContainerID {
        while true {
            var text = ""
            for _ in 0..<4 {
                let word = String(generator.next() as UInt64, radix: 16)
                text += String(repeating: "0", count: 16 - word.utf8.count) + word
            }
            if text.utf8.prefix(12).contains(where: { $0 >= 0x61 }), let id = ContainerID(text) { return id }
        }
    }

    /// The first twelve digits, which people read and type.
    public var short: String { String(text.prefix(12)) }

    /// The 64 digits.
    public var description: String { text }

    /// The natural order.
    public static func < (a: ContainerID, b: ContainerID) -> Bool { a.text < b.text }
}
