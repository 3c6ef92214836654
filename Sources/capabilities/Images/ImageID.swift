import Model

/// The SHA-256 digest of content, written `sha256:` and 64 lower-case hexadecimal digits.
public struct ContentDigest: Hashable, Sendable, Comparable, Codable, CustomStringConvertible {
    /// The 64 digits.
    public let hex: String

    /// A digest from its 64 digits, with or without `sha256:`.
    public init?(_ text: some StringProtocol) {
        let digits = text.hasPrefix(bytes: "sha256:") ? String(text.dropFirst(7)) : String(text)
        guard digits.utf8.count == 64, digits.utf8.allSatisfy(\.isLowerHexDigit) else { return nil }
        hex = digits
    }

    /// The digest of small things: image configurations and manifests, at most a few megabytes. Layers are hashed by the
    /// archive program with libcrypto.
    init(of bytes: [UInt8]) { hex = SHA256.hexadecimal(of: bytes) }

    /// The full text with its algorithm.
    public var description: String { "sha256:" + hex }

    /// The first twelve digits, which is what people read and type.
    public var short: String { String(hex.prefix(12)) }

    /// By the digits.
    public static func < (a: Self, b: Self) -> Bool { a.hex < b.hex }

    /// From the full text.
    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let digest = ContentDigest(text) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "not a sha256 digest: \(text)"))
        }
        self = digest
    }

    /// As the full text.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

/// The identity of an image: the digest of its configuration's bytes.
public typealias ImageID = ContentDigest

/// The identity of a layer: the digest of its uncompressed tar.
public typealias LayerID = ContentDigest
