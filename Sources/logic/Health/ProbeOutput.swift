/// What a check printed, up to a bound.
public struct ProbeOutput: Hashable, Sendable {
    /// How many bytes are kept, as Docker's `maxOutputLen`.
    public static let limit = 4096

    private var bytes: [UInt8] = []
    private var isTruncated = false

    /// Nothing yet.
    public init() {}

    /// Takes what fits.
    public mutating func append(_ more: some Collection<UInt8>) {
        // bounded: never longer than the limit.
        let room = Self.limit - bytes.count
        // bounded: a list.
        bytes += more.prefix(room)
        if more.count > room { isTruncated = true }
    }

    /// As text, with three dots where something was left out.
    public var text: String { String(decoding: bytes, as: UTF8.self) + (isTruncated ? "..." : "") }
}
