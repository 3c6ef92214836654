/// A name that is valid by Docker's grammar `[a-zA-Z0-9][a-zA-Z0-9_.-]+`, without the leading slash.
///
/// A value that exists is valid; path traversal ends here.
public struct ContainerName: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The name without a leading slash.
    public let text: String

    /// The longest name accepted, in bytes; the same text is used for a file name and a host name.
    public static let maximumLength = 128

    /// A name as typed, one leading slash dropped; `nil` for an invalid one.
    @inlinable public init?(_ typed: some StringProtocol) {
        let body = typed.utf8.first == 0x2F ? typed.dropFirst() : typed[...]
        let bytes = body.utf8
        guard bytes.count >= 2, bytes.count <= Self.maximumLength, let first = bytes.first else { return nil }
        guard Self.isAlphanumeric(first),
            bytes.allSatisfy({ Self.isAlphanumeric($0) || $0 == 0x5F || $0 == 0x2E || $0 == 0x2D })
        else { return nil }
        self.text = String(body)
    }

    /// The name.
    public var description: String { text }

    /// The natural order.
    public static func < (a: ContainerName, b: ContainerName) -> Bool { a.text < b.text }

    @usableFromInline static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }
}
