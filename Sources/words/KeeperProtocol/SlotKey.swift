/// The bytes by which the engine knows a slot or a held descriptor again: at most 64, opaque to the keeper.
public struct SlotKey: Equatable, Sendable {
    private var bytes: InlineArray<64, UInt8>
    /// How many bytes there are, 0 to 64.
    public let count: Int

    /// The key without bytes.
    public init() {
        bytes = InlineArray(repeating: 0)
        count = 0
    }

    /// A copy of these bytes; `nil` when there are more than 64.
    public init?(_ source: UnsafeRawBufferPointer) {
        guard source.count <= ProtocolBounds.keyLength else { return nil }
        bytes = InlineArray(repeating: 0)
        count = source.count
        for index in 0..<source.count { bytes[index] = source[index] }
    }

    /// The byte at `index`, which must be below `count`.
    public subscript(index: Int) -> UInt8 { bytes[index] }

    /// Equal when all bytes are.
    public static func == (a: SlotKey, b: SlotKey) -> Bool {
        guard a.count == b.count else { return false }
        for index in 0..<a.count where a.bytes[index] != b.bytes[index] { return false }
        return true
    }
}
