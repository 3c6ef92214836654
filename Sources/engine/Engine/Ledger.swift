/// Which changes wait for the disk, which it has refused, and why. Decides what is to be written; the writing is another's.
///
/// A disk that takes nothing must not stop the supervision: memory decides, and what was refused is written again later.
struct Ledger<Key: Hashable & Comparable & Sendable, Change: Sendable>: Sendable {
    /// How many changes are made durable together: the first of them waits for the last.
    static var groupBound: Int { 64 }

    private var queue: [Change] = []
    private var isWriting = false
    private var refusedChanges: Set<Key> = []
    private var refusedRecords: Set<Key> = []
    private var unwanted: Set<Key> = []
    private var reasons: [Key: String] = [:]
    private var isRetrySet = false

    /// What is to be tried again.
    struct Retry: Equatable {
        /// Whose changes.
        var changes: [Key] = []
        /// Whose records.
        var records: [Key] = []
        /// Who is to be removed.
        var removals: [Key] = []
    }

    /// An empty one.
    init() {}

    /// Number of those of whom something is not on the disk, or is there and should not be.
    var openCount: Int { refusedChanges.count + refusedRecords.count + unwanted.count }

    // MARK: Changes

    /// Adds a change. Returns the group that is to be written now; `nil` while another is on its way: then the next gathers.
    mutating func put(_ change: Change) -> [Change]? {
        queue.append(change)
        return nextGroup()
    }

    /// The writing of a group is over, whatever came of it. Returns the next group.
    mutating func endGroup() -> [Change]? {
        isWriting = false
        return nextGroup()
    }

    private mutating func nextGroup() -> [Change]? {
        guard !isWriting, !queue.isEmpty else { return nil }
        isWriting = true
        let group = Array(queue.prefix(Self.groupBound))
        queue.removeFirst(group.count)
        return group
    }

    /// The disk has a change.
    mutating func took(_ key: Key) {
        refusedChanges.remove(key)
        settle(key)
    }

    /// The disk did not take a change; `reason` as users are told.
    mutating func refused(_ key: Key, _ reason: String) {
        refusedChanges.insert(key)
        reasons[key] = reason
    }

    /// Whether the disk has refused a change and not taken one since.
    func hasRefusedChange(_ key: Key) -> Bool { refusedChanges.contains(key) }

    // MARK: Records

    /// The disk has a record.
    mutating func tookRecord(_ key: Key) {
        refusedRecords.remove(key)
        settle(key)
    }

    /// The disk did not take a record.
    mutating func refusedRecord(_ key: Key, _ reason: String) {
        refusedRecords.insert(key)
        reasons[key] = reason
    }

    // MARK: Removals

    /// What may stand on the disk although it should not.
    mutating func discard(_ key: Key) { unwanted.insert(key) }

    /// It does not stand there any more.
    mutating func discarded(_ key: Key) { unwanted.remove(key) }

    // MARK: All

    /// Why something of it is not on the disk; `nil` when everything is.
    func refusal(of key: Key) -> String? {
        refusedChanges.contains(key) || refusedRecords.contains(key) ? reasons[key] ?? "" : nil
    }

    /// Whether a time for trying again is to be set; false when it is set.
    mutating func setRetry() -> Bool {
        defer { isRetrySet = true }
        return !isRetrySet
    }

    /// The time has come.
    mutating func retry() -> Retry {
        isRetrySet = false
        return Retry(changes: refusedChanges.sorted(), records: refusedRecords.sorted(), removals: unwanted.sorted())
    }

    /// Forgets one that is gone.
    mutating func forget(_ key: Key) {
        refusedChanges.remove(key)
        refusedRecords.remove(key)
        reasons[key] = nil
    }

    private mutating func settle(_ key: Key) {
        if !refusedChanges.contains(key), !refusedRecords.contains(key) { reasons[key] = nil }
    }
}
