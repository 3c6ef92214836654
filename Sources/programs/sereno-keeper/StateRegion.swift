import CLinux
import KeeperProtocolEmbedded

/// The keeper's tables in memory that the service manager holds too, so that the next keeper can read what this one knew.
///
/// Every slot and every held descriptor has a place of 512 bytes with two halves, which are written in turn: the generation
/// of a half is stored last, so that a keeper that is killed within a change leaves the one before it.
struct StateRegion {
    static let magic: UInt64 = 0x5245_5045_454B_5253
    static let layout: UInt32 = 1
    private static let headerLength = 4096
    private static let placeLength = 512
    private static let halfLength = 256
    private static let prefixLength = 16
    /// The longest record in bytes.
    static let recordLength = halfLength - prefixLength

    let descriptor: Int32
    let memory: UnsafeMutableRawPointer
    let slots: Int
    /// Places of held descriptors, which come after those of the slots.
    let heldPlaces: Int
    /// How many of them a region has whose header does not say: it is of a version that held no more.
    private static let fewestHeld = 64

    private static func length(slots: Int, held: Int) -> Int { headerLength + (slots + held) * placeLength }

    /// A fresh one; `nil` when there is no memory for it.
    init?(slots: Int, lineage: UInt64) {
        let held = slots + ProtocolBounds.heldDescriptors
        let descriptor = clinux_memory_file("sereno-keeper", Self.length(slots: slots, held: held))
        guard descriptor >= 0, let memory = Self.map(descriptor, slots, held) else { return nil }
        self.descriptor = descriptor
        self.memory = memory
        self.slots = slots
        heldPlaces = held
        memory.storeBytes(of: Self.magic, as: UInt64.self)
        memory.storeBytes(of: Self.layout, toByteOffset: 8, as: UInt32.self)
        memory.storeBytes(of: UInt32(slots), toByteOffset: 12, as: UInt32.self)
        memory.storeBytes(of: lineage, toByteOffset: 16, as: UInt64.self)
        memory.storeBytes(of: UInt32(held), toByteOffset: 32, as: UInt32.self)
    }

    /// The one that an earlier keeper left; `nil` when it cannot be read. One with fewer places than this version has is made longer:
    /// the places that it has stay where a version before this looks for them.
    init?(adopting descriptor: Int32) {
        var header: UnsafeRawPointer?
        guard clinux_map(descriptor, Self.headerLength, &header) == 0, let header else { return nil }
        defer { _ = clinux_unmap(header, Self.headerLength) }
        guard header.load(as: UInt64.self) == Self.magic,
            header.load(fromByteOffset: 8, as: UInt32.self) == Self.layout
        else { return nil }
        let slots = Int(header.load(fromByteOffset: 12, as: UInt32.self))
        let said = Int(header.load(fromByteOffset: 32, as: UInt32.self))
        guard (1...65536).contains(slots), said <= 4 * 65536 else { return nil }
        let wanted = slots + ProtocolBounds.heldDescriptors
        var held = max(said, Self.fewestHeld)
        if held < wanted, clinux_lengthen(descriptor, Self.length(slots: slots, held: wanted)) == 0 { held = wanted }
        guard clinux_lengthen(descriptor, Self.length(slots: slots, held: held)) == 0,
            let memory = Self.map(descriptor, slots, held)
        else { return nil }
        self.descriptor = descriptor
        self.memory = memory
        self.slots = slots
        heldPlaces = held
        memory.storeBytes(of: UInt32(held), toByteOffset: 32, as: UInt32.self)
    }

    private static func map(_ descriptor: Int32, _ slots: Int, _ held: Int) -> UnsafeMutableRawPointer? {
        var address: UnsafeMutableRawPointer?
        return clinux_map_shared(descriptor, length(slots: slots, held: held), &address) == 0 ? address : nil
    }

    // MARK: The header

    /// The number of the first keeper and of all that took up its state.
    var lineage: UInt64 { memory.load(fromByteOffset: 16, as: UInt64.self) }

    /// How many keepers have had it.
    var keepers: UInt32 {
        get { memory.load(fromByteOffset: 24, as: UInt32.self) }
        nonmutating set { memory.storeBytes(of: newValue, toByteOffset: 24, as: UInt32.self) }
    }

    /// Whether the supervisor ended in order, so that nothing is to be taken up.
    var hasEnded: Bool {
        get { memory.load(fromByteOffset: 28, as: UInt32.self) != 0 }
        nonmutating set { memory.storeBytes(of: newValue ? 1 : 0, toByteOffset: 28, as: UInt32.self) }
    }

    // MARK: Records

    private func half(_ place: Int, _ which: Int) -> UnsafeMutableRawPointer {
        memory + Self.headerLength + place * Self.placeLength + which * Self.halfLength
    }

    private func generation(_ place: Int, _ which: Int) -> UInt64 { half(place, which).load(as: UInt64.self) }

    /// Writes a record of at most `recordLength` bytes; an empty one clears the place.
    func write(_ place: Int, _ bytes: UnsafeRawBufferPointer) {
        let (first, second) = (generation(place, 0), generation(place, 1))
        let target = half(place, first <= second ? 0 : 1)
        let word = target.assumingMemoryBound(to: UInt64.self)
        clinux_store_release(word, 0)
        target.storeBytes(of: UInt64(bytes.count), toByteOffset: 8, as: UInt64.self)
        (target + Self.prefixLength).copyMemory(
            from: bytes.baseAddress ?? UnsafeRawPointer(target), byteCount: bytes.count)
        clinux_store_release(word, max(first, second) + 1)
    }

    /// The newest whole record of a place; `nil` when it is clear.
    func read(_ place: Int) -> UnsafeRawBufferPointer? {
        let (first, second) = (generation(place, 0), generation(place, 1))
        if first == 0 && second == 0 { return nil }
        let newest = half(place, first > second ? 0 : 1)
        let count = Int(clamping: newest.load(fromByteOffset: 8, as: UInt64.self))
        guard count > 0, count <= Self.recordLength else { return nil }
        return UnsafeRawBufferPointer(start: newest + Self.prefixLength, count: count)
    }
}
