internal import Linux
public import Model

extension ContainerStore {
    /// Makes a container's new state durable.
    public func writeState(_ id: ContainerID, _ state: State) throws(StoreError) {
        if let error = commit([StoreChange(id, state: state)])[id] { throw error }
    }

    /// Makes entries of a container's history durable.
    public func appendHistory(_ id: ContainerID, _ entries: [Entry]) throws(StoreError) {
        if let error = commit([StoreChange(id, history: entries)])[id] { throw error }
    }

    /// Makes many changes durable together: all are written first and then synced side by side, so that the
    /// disk takes them in few flushes. Returns the errors by container; a container that is not in the
    /// answer has both its new state and its new entries. Several changes of one container count as one, of which
    /// the last state holds.
    public func commit(_ changes: [StoreChange<State, Entry>]) -> [ContainerID: StoreError] {
        var order: [ContainerID] = []
        var merged: [ContainerID: StoreChange<State, Entry>] = [:]
        for change in changes {
            guard var earlier = merged[change.id] else {
                order.append(change.id)
                merged[change.id] = change
                continue
            }
            if let state = change.state { earlier.state = state }
            earlier.history += change.history
            merged[change.id] = earlier
        }
        let batch = order.compactMap { merged[$0] }
        return histories.withLock { tails in
            var run = CommitRun(store: self, tails: tails)
            run.carryOut(batch)
            tails = run.tails
            return run.errors
        }
    }

    /// The whole entries of a container's history, oldest first, and how many were damaged. At most twice
    /// `historyBound`.
    public func readHistory(_ id: ContainerID) throws(StoreError) -> History<Entry> {
        try locked { (_) throws(StoreError) in
            let bytes: [UInt8]
            do throws(FileError) {
                bytes = try disk.read("\(directory(of: id))/history.log")
            } catch {
                guard error.isMissing, exists(id) else { throw error.isMissing ? .unknown(id) : .file(error) }
                return History(entries: [], damagedEntries: 0)
            }
            let (payloads, damaged) = HistoryFormat.parse(bytes)
            let entries = payloads.compactMap { try? StoredJSON.decode(Entry.self, from: $0) }
            return History(entries: entries, damagedEntries: damaged + payloads.count - entries.count)
        }
    }
}
