package import Model

/// Owner of a run.
package enum RunOwner: Hashable, Sendable {
    case container(ContainerID)
    /// An exec by its ID, and the container it runs in.
    case exec(String, ContainerID)
    /// A process that outlived the engine that knew its purpose.
    case stray
}

/// End of a run.
package enum RunOutcome: Sendable {
    case exited(ExitStatus, MonotonicInstant)
    case failed(StartFailure)
}

/// The accounts of a run's control group.
package enum RunMemory: Sendable {
    case unremarkable
    case told(MemoryAccount)
}

/// A run that is over.
package struct RunConclusion: Sendable {
    /// Its number.
    package let number: RunID
    /// Owner of the run.
    package let owner: RunOwner
    /// Its end.
    package let end: RunOutcome
    /// Its memory accounts.
    package let memory: RunMemory
}

/// Numbers of runs, with the owner of each and the missing parts of its end. A run is over when its process ended, its output was
/// read and its memory accounts were read, in any order.
package struct RunTable {
    private struct Entry {
        var owner: RunOwner
        var end: RunOutcome?
        var isDrained = false
        var memory: RunMemory?
    }

    private var entries: [RunID: Entry] = [:]
    private var next: UInt64 = 1

    /// An empty table.
    package init() {}

    /// Number of runs that are not over.
    package var count: Int { entries.count }

    /// Number of those that are not containers' first processes.
    package var countBesideContainers: Int {
        entries.values.count { if case .container = $0.owner { false } else { true } }
    }

    /// A new number for a run.
    package mutating func open() -> RunID {
        defer { next += 1 }
        return RunID(next)
    }

    /// Keeps new numbers above one that the keeper has.
    package mutating func found(_ number: RunID) { next = max(next, number.value.saturatingAdding(1)) }

    /// Owner of a run; `nil` when it is over or unknown.
    package subscript(number: RunID) -> RunOwner? { entries[number]?.owner }

    /// Enters a run.
    package mutating func enter(_ number: RunID, of owner: RunOwner) { entries[number] = Entry(owner: owner) }

    /// Removes a run.
    package mutating func remove(_ number: RunID) { entries[number] = nil }

    /// Makes a run a stray, as its owner is gone. True when no event of it follows.
    package mutating func leave(_ number: RunID) -> Bool {
        guard let entry = entries[number] else { return false }
        guard !entry.isDrained else {
            entries[number] = nil
            return true
        }
        entries[number]?.owner = .stray
        return false
    }

    /// Whether the keeper has reported a run's end.
    package func hasEnded(_ number: RunID) -> Bool { entries[number]?.end != nil }

    /// Records the end of its process; returns the conclusion when nothing is missing.
    package mutating func end(_ number: RunID, _ end: RunOutcome) -> RunConclusion? {
        entries[number]?.end = end
        return conclude(number)
    }

    /// Records that all its output was read; returns the conclusion when nothing is missing.
    package mutating func drain(_ number: RunID) -> RunConclusion? {
        entries[number]?.isDrained = true
        return conclude(number)
    }

    /// Records its memory accounts; returns the conclusion when nothing is missing.
    package mutating func account(_ number: RunID, _ memory: RunMemory) -> RunConclusion? {
        entries[number]?.memory = memory
        return conclude(number)
    }

    private mutating func conclude(_ number: RunID) -> RunConclusion? {
        guard let entry = entries[number], entry.isDrained, let end = entry.end, let memory = entry.memory,
            entry.owner != .stray
        else { return nil }
        entries[number] = nil
        return RunConclusion(number: number, owner: entry.owner, end: end, memory: memory)
    }
}
