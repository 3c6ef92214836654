import CLinux
import KeeperProtocolEmbedded

/// Descriptors that are kept by name, such as the engine's listening socket.
struct HeldTable {
    struct Entry {
        var key: SlotKey
        var descriptor: Int32
        /// By which the service manager knows it; never used twice.
        var number: UInt64
        /// Whether the service manager has it.
        var isStored: Bool
    }

    /// How many numbers wait to be taken out of the service manager's store; more are left there, and found by the next
    /// keeper.
    static let removals = 256

    private let entries: UnsafeMutablePointer<Entry>
    private(set) var count = 0
    private var nextNumber: UInt64 = 1
    private let removed: UnsafeMutablePointer<UInt64>
    private var removedCount = 0
    /// Whether the records are older than the table.
    var isStale = false

    init() {
        entries = UnsafeMutablePointer<Entry>.allocate(capacity: ProtocolBounds.heldDescriptors)
        removed = UnsafeMutablePointer<UInt64>.allocate(capacity: Self.removals)
    }

    subscript(index: Int) -> Entry {
        get { entries[index] }
        nonmutating _modify { yield &entries[index] }
    }

    private func index(of key: SlotKey) -> Int? {
        for index in 0..<count where entries[index].key == key { return index }
        return nil
    }

    /// The descriptor of that name, which stays the table's; `nil` when there is none.
    func descriptor(of key: SlotKey) -> Int32? { index(of: key).map { entries[$0].descriptor } }

    /// Takes over a descriptor, closing the one of the same name; `false` when the table is full.
    mutating func put(_ key: SlotKey, _ descriptor: Int32) -> Bool {
        if let index = index(of: key) {
            leave(index)
            fill(index, key, descriptor)
            return true
        }
        guard count < ProtocolBounds.heldDescriptors else { return false }
        fill(count, key, descriptor)
        count += 1
        return true
    }

    /// Closes the descriptor of that name, if there is one.
    mutating func drop(_ key: SlotKey) {
        guard let index = index(of: key) else { return }
        leave(index)
        count -= 1
        entries[index] = entries[count]
        isStale = true
    }

    /// Puts back what an earlier keeper held, and the service manager has; `false` when there is no room.
    mutating func restore(_ key: SlotKey, _ descriptor: Int32, number: UInt64) -> Bool {
        guard index(of: key) == nil, count < ProtocolBounds.heldDescriptors else { return false }
        (entries + count).initialize(to: Entry(key: key, descriptor: descriptor, number: number, isStored: true))
        count += 1
        nextNumber = max(nextNumber, number + 1)
        isStale = true
        return true
    }

    private mutating func fill(_ index: Int, _ key: SlotKey, _ descriptor: Int32) {
        let entry = Entry(key: key, descriptor: descriptor, number: nextNumber, isStored: false)
        (entries + index).initialize(to: entry)
        nextNumber += 1
        isStale = true
    }

    private mutating func leave(_ index: Int) {
        _ = clinux_close(entries[index].descriptor)
        guard entries[index].isStored, removedCount < Self.removals else { return }
        removed[removedCount] = entries[index].number
        removedCount += 1
    }

    /// A number to be taken out of the service manager's store.
    var nextRemoval: UInt64? { removedCount == 0 ? nil : removed[removedCount - 1] }

    mutating func removalSent() { removedCount -= 1 }
}
