/// A short text in a frame: at most 200 bytes of UTF-8; what is longer is cut.
public struct FrameText: Equatable, Sendable {
    /// The longest text in bytes.
    public static let capacity = 200

    private var bytes: InlineArray<200, UInt8>
    /// How many bytes there are.
    public private(set) var count: Int

    /// The empty text.
    public init() {
        bytes = InlineArray(repeating: 0)
        count = 0
    }

    /// Adds a byte; nothing when it is full.
    public mutating func append(_ byte: UInt8) {
        guard count < Self.capacity else { return }
        bytes[count] = byte
        count += 1
    }

    /// The byte at `index`, which must be below `count`.
    public subscript(index: Int) -> UInt8 { bytes[index] }

    /// Equal when all bytes are.
    public static func == (a: FrameText, b: FrameText) -> Bool {
        guard a.count == b.count else { return false }
        for index in 0..<a.count where a.bytes[index] != b.bytes[index] { return false }
        return true
    }
}
