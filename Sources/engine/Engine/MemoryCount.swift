internal import Linux
internal import Model
internal import Records

/// What is counted of a container's memory over its runs.
struct MemoryCount {
    /// What its control group had counted before the present run; `nil` when nothing is known.
    private(set) var baseline: MemoryBaseline?
    /// How many of the present run's kills for lack of memory have been told.
    private(set) var killsTold: UInt64 = 0

    /// A count as it is recorded.
    init(baseline: MemoryBaseline? = nil) { self.baseline = baseline }

    /// What had been counted in the group before the present run; `nil` when it is a new one.
    private func baseline(in group: UInt64) -> MemoryBaseline? { baseline.flatMap { $0.group == group ? $0 : nil } }

    /// Takes up a reading during a run; whether the kernel has killed since the last.
    mutating func hasKilledMore(_ reading: MemoryReading) -> Bool {
        guard let kills = reading.kills else { return false }
        let count = kills.saturatingSubtracting(baseline(in: reading.group)?.kills ?? 0)
        guard count > killsTold else { return false }
        killsTold = count
        return true
    }

    /// The accounts of a run from a reading at its end, which the next run begins at.
    mutating func close(_ reading: MemoryReading) -> MemoryAccount {
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
