/// Changes that wait for the disk, and those that it has refused, with the reason. It decides which are written; its caller
/// writes them.
///
/// A disk that takes nothing must not stop the supervision: memory decides, and refused changes are written again later.
package struct Ledger<Key: Hashable & Comparable & Sendable, Change: Sendable>: Sendable {
    /// Largest number of changes made durable together: the first of them waits for the last.
    package static var groupBound: Int { 64 }

    private var queue: [Change] = []
    private var isWriting = false
    private var refusedChanges: Set<Key> = []
    private var refusedRecords: Set<Key> = []
    private var unwanted: Set<Key> = []
    private var reasons: [Key: String] = [:]
    private var isRetrySet = false

    /// Changes, records and removals to try again.
    package struct Retry: Equatable {
        /// Containers with refused changes.
        package var changes: [Key] = []
        /// Containers with refused records.
        package var records: [Key] = []
        /// Containers to remove.
        package var removals: [Key] = []
    }

    /// An empty ledger.
    package init() {}

    /// Number of containers with something missing on the disk, or with something there that should not be.
    package var openCount: Int { refusedChanges.count + refusedRecords.count + unwanted.count }

    // MARK: Changes

    /// Adds a change. Returns the group to write now; `nil` while another is being written, as the next one gathers then.
    package mutating func put(_ change: Change) -> [Change]? {
        queue.append(change)
        return nextGroup()
    }

    /// Ends the writing of a group, with any result. Returns the next group.
    package mutating func endGroup() -> [Change]? {
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

    /// Records that the disk has a change.
    package mutating func took(_ key: Key) {
        refusedChanges.remove(key)
        settle(key)
    }

    /// Records that the disk refused a change; `reason` is the text for users.
    package mutating func refused(_ key: Key, _ reason: String) {
        refusedChanges.insert(key)
        reasons[key] = reason
    }

    /// Whether the disk has refused a change and not taken one since.
    package func hasRefusedChange(_ key: Key) -> Bool { refusedChanges.contains(key) }

    // MARK: Records

    /// Records that the disk has a record.
    package mutating func tookRecord(_ key: Key) {
        refusedRecords.remove(key)
        settle(key)
    }

    /// Records that the disk refused a record.
    package mutating func refusedRecord(_ key: Key, _ reason: String) {
        refusedRecords.insert(key)
        reasons[key] = reason
    }

    // MARK: Removals

    /// Records that a container may be on the disk although it should not.
    package mutating func discard(_ key: Key) { unwanted.insert(key) }

    /// Records that it is not there any more.
    package mutating func discarded(_ key: Key) { unwanted.remove(key) }

    // MARK: All

    /// The reason for which something of a container is not on the disk; `nil` when everything is.
    package func refusal(of key: Key) -> String? {
        refusedChanges.contains(key) || refusedRecords.contains(key) ? reasons[key] ?? "" : nil
    }

    /// Whether the caller has to set a timer for trying again; false when one is set.
    package mutating func setRetry() -> Bool {
        defer { isRetrySet = true }
        return !isRetrySet
    }

    /// Ends the timer; returns what to try again.
    package mutating func retry() -> Retry {
        isRetrySet = false
        return Retry(changes: refusedChanges.sorted(), records: refusedRecords.sorted(), removals: unwanted.sorted())
    }

    /// Forgets a container that is gone.
    package mutating func forget(_ key: Key) {
        refusedChanges.remove(key)
        refusedRecords.remove(key)
        reasons[key] = nil
    }

    private mutating func settle(_ key: Key) {
        if !refusedChanges.contains(key), !refusedRecords.contains(key) { reasons[key] = nil }
    }
}
