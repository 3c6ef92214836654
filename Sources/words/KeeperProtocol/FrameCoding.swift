/// The bounds that both ends of the keeper's socket hold.
public enum ProtocolBounds {
    /// The newest version of the protocol. Both sides speak the newest that both know: the engine says which in `hello`, a
    /// keeper that does not know that one answers with `wrongVersion`, and the engine says `hello` with an older one.
    public static let version: UInt32 = 3
    /// The oldest version that is still spoken: launch plans are written otherwise since version 3.
    public static let oldestVersion: UInt32 = 3
    /// The longest frame in bytes.
    public static let frameLength = 512
    /// The longest key (container or exec identity, name of a held descriptor) in bytes.
    public static let keyLength = 64
    /// The most descriptors that the keeper keeps for one slot.
    public static let keptDescriptors = 8
    /// The most descriptors that travel with one frame.
    public static let descriptorsPerFrame = 64
    /// The largest launch plan in bytes: an environment at the kernel's own limit fits.
    public static let planLength = 8 << 20
    /// How many slots the keeper has unless it is told otherwise when it starts.
    public static let defaultSlots = 4096
    /// How many descriptors the keeper holds by name beside one for each slot, which is a container's standard input.
    public static let heldDescriptors = 64
}

/// Why bytes are no frame.
public enum FrameError: UInt8, Error, Equatable, Sendable {
    /// Shorter than its header or its fields.
    case short = 1
    /// Bytes are left over, or the length in the header is not the length received.
    case wrongLength = 2
    /// No frame has this number.
    case unknownKind = 3
    /// A field holds a value outside its bounds.
    case badValue = 4
    /// It came with more or fewer descriptors than it must.
    case wrongDescriptors = 5
    /// It does not fit the state of the conversation, such as a frame before `hello`.
    case outOfPlace = 6
    /// The other side speaks another version.
    case wrongVersion = 7
    /// The table of held descriptors is full.
    case full = 8
}

/// Writes one frame, little-endian, into memory of the caller; it never grows.
struct FrameWriter {
    private let buffer: UnsafeMutableRawBufferPointer
    private(set) var count = 8

    /// Starts a frame of this kind. `buffer` holds at least `ProtocolBounds.frameLength` bytes.
    init(_ buffer: UnsafeMutableRawBufferPointer, kind: UInt16) {
        self.buffer = buffer
        buffer.storeBytes(of: kind.littleEndian, toByteOffset: 0, as: UInt16.self)
        buffer.storeBytes(of: 0, toByteOffset: 2, as: UInt16.self)
    }

    mutating func put<Value: FixedWidthInteger & BitwiseCopyable>(_ value: Value) {
        buffer.storeBytes(of: value.littleEndian, toByteOffset: count, as: Value.self)
        count += MemoryLayout<Value>.size
    }

    mutating func put(_ key: SlotKey) {
        put(UInt8(key.count))
        for index in 0..<key.count { put(key[index]) }
    }

    /// Completes the header; the length of the whole frame.
    func finish() -> Int {
        buffer.storeBytes(of: UInt32(count).littleEndian, toByteOffset: 4, as: UInt32.self)
        return count
    }
}

/// Reads one frame; every read is checked against the bytes that are there.
struct FrameReader {
    private let buffer: UnsafeRawBufferPointer
    private var offset = 8
    let kind: UInt16

    init(_ buffer: UnsafeRawBufferPointer) throws(FrameError) {
        guard buffer.count >= 8 else { throw .short }
        guard buffer.count <= ProtocolBounds.frameLength else { throw .wrongLength }
        self.buffer = buffer
        kind = UInt16(littleEndian: buffer.loadUnaligned(fromByteOffset: 0, as: UInt16.self))
        guard buffer.loadUnaligned(fromByteOffset: 2, as: UInt16.self) == 0 else { throw .badValue }
        let length = UInt32(littleEndian: buffer.loadUnaligned(fromByteOffset: 4, as: UInt32.self))
        guard length == UInt32(buffer.count) else { throw .wrongLength }
    }

    mutating func take<Value: FixedWidthInteger & BitwiseCopyable>(
        _ type: Value.Type = Value.self
    ) throws(FrameError) -> Value {
        let size = MemoryLayout<Value>.size
        guard offset + size <= buffer.count else { throw .short }
        let value = Value(littleEndian: buffer.loadUnaligned(fromByteOffset: offset, as: Value.self))
        offset += size
        return value
    }

    mutating func takeKey() throws(FrameError) -> SlotKey {
        let count = Int(try take(UInt8.self))
        guard count <= ProtocolBounds.keyLength else { throw .badValue }
        guard offset + count <= buffer.count else { throw .short }
        let bytes = UnsafeRawBufferPointer(rebasing: buffer[offset..<offset + count])
        offset += count
        guard let key = SlotKey(bytes) else { throw .badValue }
        return key
    }

    /// Holds that nothing is left over.
    func finish() throws(FrameError) {
        guard offset == buffer.count else { throw .wrongLength }
    }
}
