import KeeperProtocolEmbedded

/// The children of no slot that were reaped: how many, and how the last ones ended, so that a process that ends before
/// the engine adopts it keeps its status.
struct OrphanRing {
    static let capacity = 128

    private struct Entry {
        var pid: Int32
        var record: ExitRecord
    }

    private let entries: UnsafeMutablePointer<Entry>
    private(set) var reaped: UInt64 = 0

    init() {
        entries = UnsafeMutablePointer<Entry>.allocate(capacity: OrphanRing.capacity)
        entries.initialize(repeating: Entry(pid: 0, record: ExitRecord()), count: OrphanRing.capacity)
    }

    mutating func put(_ pid: Int32, _ record: ExitRecord) {
        entries[Int(reaped % UInt64(OrphanRing.capacity))] = Entry(pid: pid, record: record)
        reaped += 1
    }

    /// Takes the newest record of that process out.
    mutating func take(_ pid: Int32) -> ExitRecord? {
        let last = Int(min(reaped, UInt64(OrphanRing.capacity)))
        for back in 0..<last {
            let at = Int((reaped - 1 - UInt64(back)) % UInt64(OrphanRing.capacity))
            if entries[at].pid == pid {
                entries[at].pid = 0
                return entries[at].record
            }
        }
        return nil
    }
}
