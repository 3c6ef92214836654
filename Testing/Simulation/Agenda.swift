import HeapModule

/// What will happen at its time, in the order of time and of entry.
struct Agenda {
    /// What happens.
    enum Occurrence {
        /// A launch goes on: to its program or to its failure.
        case launch(process: Int)
        case process(Int, SimulatedProcess.Step)
        /// A client asks something.
        case client(Int)
        /// The keeper starts an engine.
        case startEngine
        case fault(Fault)
        /// The disk goes bad, or well again.
        case disk(isBad: Bool)
        /// Clients and faults cease.
        case calm
        /// Everything should be where its policy says.
        case judge
        /// Everything is removed.
        case cleanUp
        case end
    }

    /// What goes wrong from time to time.
    enum Fault: CaseIterable { case engineDeath, powerCut, shutdown, replacement, clockStep, keeperDeath }

    private struct Entry: Comparable {
        let time: Int64
        let number: Int

        static func < (a: Entry, b: Entry) -> Bool { (a.time, a.number) < (b.time, b.number) }
    }

    private var entries: Heap<Entry> = []
    private var occurrences: [Int: Occurrence] = [:]
    private var last = 0

    /// When the next thing happens.
    var next: Int64? { entries.min?.time }

    mutating func add(_ occurrence: Occurrence, at time: Int64) {
        last += 1
        entries.insert(Entry(time: time, number: last))
        occurrences[last] = occurrence
    }

    mutating func take() -> Occurrence? {
        guard let entry = entries.popMin() else { return nil }
        return occurrences.removeValue(forKey: entry.number)
    }

    /// Drops what `isGone` says.
    mutating func drop(_ isGone: (Occurrence) -> Bool) {
        for (number, occurrence) in occurrences where isGone(occurrence) { occurrences[number] = nil }
        var kept: Heap<Entry> = []
        for entry in entries.unordered where occurrences[entry.number] != nil { kept.insert(entry) }
        entries = kept
    }
}
