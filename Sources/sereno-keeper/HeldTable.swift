import CLinux
import KeeperProtocolEmbedded

/// Descriptors that are kept by name, such as the engine's listening socket.
struct HeldTable {
    struct Entry {
        var key: SlotKey
        var descriptor: Int32
    }

    private let entries: UnsafeMutablePointer<Entry>
    private(set) var count = 0

    init() { entries = UnsafeMutablePointer<Entry>.allocate(capacity: ProtocolBounds.heldDescriptors) }

    subscript(index: Int) -> Entry { entries[index] }

    private func index(of key: SlotKey) -> Int? {
        for index in 0..<count where entries[index].key == key { return index }
        return nil
    }

    /// Takes over a descriptor, closing the one of the same name; `false` when the table is full.
    mutating func put(_ key: SlotKey, _ descriptor: Int32) -> Bool {
        if let index = index(of: key) {
            _ = clinux_close(entries[index].descriptor)
            entries[index].descriptor = descriptor
            return true
        }
        guard count < ProtocolBounds.heldDescriptors else { return false }
        (entries + count).initialize(to: Entry(key: key, descriptor: descriptor))
        count += 1
        return true
    }

    /// Closes the descriptor of that name, if there is one.
    mutating func drop(_ key: SlotKey) {
        guard let index = index(of: key) else { return }
        _ = clinux_close(entries[index].descriptor)
        count -= 1
        entries[index] = entries[count]
    }
}
