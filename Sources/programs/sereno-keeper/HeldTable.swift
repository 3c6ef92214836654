import CLinux
import KeeperProtocolEmbedded

/// Descriptors that are kept by name, such as the engine's listening socket. Allocated once; entries that were never used cost no
/// memory.
struct HeldTable {
    struct Entry {
        var key: SlotKey
        /// -1 while it is only known from an earlier keeper's records.
        var descriptor: Int32
        /// By which the service manager knows it; never used twice.
        var number: UInt64
        /// Whether the service manager has it.
        var isStored: Bool
        /// Whether its record is older than it.
        var isUnsaved: Bool
    }

    private let entries: UnsafeMutablePointer<Entry>
    private let capacity: Int
    private(set) var count = 0
    private var nextNumber: UInt64 = 1
    private let removed: UnsafeMutablePointer<UInt64>
    private var removedCount = 0
    /// Whether any record is older than the table.
    var isStale = false
    /// How many records there are; those behind `count` are to be cleared.
    var recorded = 0
    /// Whether the service manager may lack a descriptor.
    var isUnstored = false

    /// Room for one of each slot, and for others.
    init?(slots: Int) {
        capacity = slots + ProtocolBounds.heldDescriptors
        guard let memory = clinux_zeroed(capacity, MemoryLayout<Entry>.stride),
            let numbers = clinux_zeroed(capacity, MemoryLayout<UInt64>.stride)
        else { return nil }
        entries = memory.bindMemory(to: Entry.self, capacity: capacity)
        removed = numbers.bindMemory(to: UInt64.self, capacity: capacity)
    }

    subscript(index: Int) -> Entry {
        get { entries[index] }
        nonmutating _modify { yield &entries[index] }
    }

    private func index(of key: SlotKey) -> Int? {
        for index in 0..<count where entries[index].key == key { return index }
        return nil
    }

    private func index(number: UInt64) -> Int? {
        for index in 0..<count where entries[index].number == number { return index }
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
        guard count < capacity else { return false }
        fill(count, key, descriptor)
        count += 1
        return true
    }

    /// Closes the descriptor of that name, if there is one.
    mutating func drop(_ key: SlotKey) {
        guard let index = index(of: key) else { return }
        leave(index)
        remove(index)
    }

    private mutating func fill(_ index: Int, _ key: SlotKey, _ descriptor: Int32) {
        (entries + index).initialize(
            to: Entry(key: key, descriptor: descriptor, number: nextNumber, isStored: false, isUnsaved: true))
        nextNumber += 1
        isStale = true
        isUnstored = true
    }

    /// The last one takes the place, so that records stand without a gap.
    private mutating func remove(_ index: Int) {
        count -= 1
        entries[index] = entries[count]
        entries[index].isUnsaved = true
        isStale = true
    }

    private mutating func leave(_ index: Int) {
        _ = clinux_close(entries[index].descriptor)
        // More than there can be entries are left with the service manager, and found by the next keeper.
        guard entries[index].isStored, removedCount < capacity else { return }
        removed[removedCount] = entries[index].number
        removedCount += 1
    }

    /// A number to be taken out of the service manager's store.
    var nextRemoval: UInt64? { removedCount == 0 ? nil : removed[removedCount - 1] }

    mutating func removalSent() { removedCount -= 1 }

    // MARK: What an earlier keeper held

    /// Notes what a record says. A move within the table may have been recorded at its new place and not yet be cleared at its old.
    mutating func expect(_ key: SlotKey, number: UInt64) {
        guard count < capacity, index(number: number) == nil else { return }
        (entries + count).initialize(
            to: Entry(key: key, descriptor: -1, number: number, isStored: true, isUnsaved: true))
        count += 1
    }

    /// Takes over what the service manager has by that number; `false` when no record names it.
    mutating func restore(_ descriptor: Int32, number: UInt64) -> Bool {
        nextNumber = max(nextNumber, number + 1)
        guard let index = index(number: number), entries[index].descriptor < 0 else { return false }
        entries[index].descriptor = descriptor
        return true
    }

    /// Lets go of what was expected and did not come.
    mutating func finishRestoring() {
        var index = 0
        while index < count {
            if entries[index].descriptor < 0 { remove(index) } else { index += 1 }
        }
        isStale = true
    }
}
