import CLinux

/// A map from numbers to places in the slot table: open addressing in memory that is allocated once. Pages that no entry
/// falls into are never touched.
struct IndexTable {
    private struct Entry {
        var key: UInt64
        /// The place plus one; zero marks an empty entry.
        var place: Int32
    }

    private let entries: UnsafeMutablePointer<Entry>
    private let mask: Int

    /// A table for at most `capacity` entries, never more than half full.
    init?(capacity: Int) {
        var size = 16
        while size < capacity * 2 { size *= 2 }
        guard let memory = clinux_zeroed(size, MemoryLayout<Entry>.stride) else { return nil }
        entries = memory.bindMemory(to: Entry.self, capacity: size)
        mask = size - 1
    }

    /// Slots and processes are numbered as they come: unscattered, those of one time share a page.
    private func home(_ key: UInt64) -> Int { Int(truncatingIfNeeded: key) & mask }

    subscript(key: UInt64) -> Int? {
        var at = home(key)
        while entries[at].place != 0 {
            if entries[at].key == key { return Int(entries[at].place) - 1 }
            at = (at + 1) & mask
        }
        return nil
    }

    mutating func insert(_ key: UInt64, _ place: Int) {
        var at = home(key)
        while entries[at].place != 0 && entries[at].key != key { at = (at + 1) & mask }
        entries[at] = Entry(key: key, place: Int32(place + 1))
    }

    /// Removes an entry and moves up those behind it that would not be found any more.
    mutating func remove(_ key: UInt64) {
        var hole = home(key)
        while entries[hole].place != 0 && entries[hole].key != key { hole = (hole + 1) & mask }
        if entries[hole].place == 0 { return }
        var at = (hole + 1) & mask
        while entries[at].place != 0 {
            let distance = (at - home(entries[at].key)) & mask
            if distance >= (at - hole) & mask {
                entries[hole] = entries[at]
                hole = at
            }
            at = (at + 1) & mask
        }
        entries[hole].place = 0
    }
}
