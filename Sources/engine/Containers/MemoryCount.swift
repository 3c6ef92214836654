package import Linux
package import Model
package import Records

/// Memory counters of a container over its runs.
package struct MemoryCount {
    /// Counters of its control group before the present run; `nil` when they are unknown.
    package private(set) var baseline: MemoryBaseline?
    /// Number of the present run's kills for lack of memory that were reported.
    package private(set) var killsTold: UInt64 = 0

    /// Counters from the record.
    package init(baseline: MemoryBaseline? = nil) { self.baseline = baseline }

    /// Counters of the group before the present run; `nil` when the group is new.
    private func baseline(in group: UInt64) -> MemoryBaseline? { baseline.flatMap { $0.group == group ? $0 : nil } }

    /// Takes a reading during a run; returns whether the kernel has killed since the last one.
    package mutating func hasKilledMore(_ reading: MemoryReading) -> Bool {
        guard let kills = reading.kills else { return false }
        let count = kills.saturatingSubtracting(baseline(in: reading.group)?.kills ?? 0)
        guard count > killsTold else { return false }
        killsTold = count
        return true
    }

    /// The account of a run from a reading at its end, at which the next run begins.
    package mutating func close(_ reading: MemoryReading) -> MemoryAccount {
        let before = baseline(in: reading.group)
        let kills = reading.kills ?? before?.kills ?? 0
        let start = min(before?.kills ?? 0, kills)
        baseline = MemoryBaseline(group: reading.group, kills: kills, stalled: reading.stalled)
        killsTold = 0
        // bounded: spans saturate.
        let stalled = reading.stalled.map { max(.zero, $0 - (before?.stalled ?? .zero)) }
        return MemoryAccount(
            limit: reading.limit, peak: reading.peak, killsBefore: start, killsAfter: kills, stalled: stalled)
    }
}
