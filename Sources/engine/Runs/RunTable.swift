package import Model

/// Whom a run belongs to.
package enum RunOwner: Hashable, Sendable {
    case container(ContainerID)
    /// An exec by its ID, and the container it runs in.
    case exec(String, ContainerID)
    /// A process that outlived the engine that knew what it was for.
    case stray
}

/// How a run ended.
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
    package let number: UInt64
    /// Whom it belonged to.
    package let owner: RunOwner
    /// How it ended.
    package let end: RunOutcome
    /// What is known of its memory.
    package let memory: RunMemory
}

/// The numbers of runs, whom each belongs to, and what is still missing of its end. A run is over when its process ended, its
/// output was read and its memory accounts were looked at, in whatever order.
package struct RunTable {
    private struct Entry {
        var owner: RunOwner
        var end: RunOutcome?
        var isDrained = false
        var memory: RunMemory?
    }

    private var entries: [UInt64: Entry] = [:]
    private var next: UInt64 = 1

    /// An empty one.
    package init() {}

    /// Number of runs that are not over.
    package var count: Int { entries.count }

    /// Number of those that are not containers' first processes.
    package var countBesideContainers: Int {
        entries.values.count { if case .container = $0.owner { false } else { true } }
    }

    /// A number that no run had.
    package mutating func open() -> UInt64 {
        defer { next += 1 }
        return next
    }

    /// A number that the keeper has: later ones are greater.
    package mutating func found(_ number: UInt64) { next = max(next, number + 1) }

    /// Whom a run belongs to; `nil` when it is over or unknown.
    package subscript(number: UInt64) -> RunOwner? { entries[number]?.owner }

    /// Enters a run.
    package mutating func enter(_ number: UInt64, of owner: RunOwner) { entries[number] = Entry(owner: owner) }

    /// Strikes a run out.
    package mutating func remove(_ number: UInt64) { entries[number] = nil }

    /// The owner of a run is gone, and it is a stray from now on. True when nothing more comes of it.
    package mutating func leave(_ number: UInt64) -> Bool {
        guard let entry = entries[number] else { return false }
        guard !entry.isDrained else {
            entries[number] = nil
            return true
        }
        entries[number]?.owner = .stray
        return false
    }

    /// Whether the keeper has told a run's end.
    package func hasEnded(_ number: UInt64) -> Bool { entries[number]?.end != nil }

    /// Its process ended.
    package mutating func end(_ number: UInt64, _ end: RunOutcome) -> RunConclusion? {
        entries[number]?.end = end
        return conclude(number)
    }

    /// All its output was read.
    package mutating func drain(_ number: UInt64) -> RunConclusion? {
        entries[number]?.isDrained = true
        return conclude(number)
    }

    /// Its memory accounts were looked at.
    package mutating func account(_ number: UInt64, _ memory: RunMemory) -> RunConclusion? {
        entries[number]?.memory = memory
        return conclude(number)
    }

    private mutating func conclude(_ number: UInt64) -> RunConclusion? {
        guard let entry = entries[number], entry.isDrained, let end = entry.end, let memory = entry.memory,
            entry.owner != .stray
        else { return nil }
        entries[number] = nil
        return RunConclusion(number: number, owner: entry.owner, end: end, memory: memory)
    }
}
