public import Model

/// The starts that are owed when a supervisor comes up: each waits for those it needs, for its turn within the pace, and for
/// a moment drawn at random.
///
/// What can not be waited for does not hold anything up: a need of somebody who is neither here nor known counts as met, a circle
/// of needs is broken at the one that came first, and after the pace's patience a start is made without those it needs.
public struct StartQueue<ID: Hashable & Sendable>: Sendable {
    private struct Entry: Sendable {
        var id: ID
        var needs: [StartNeed<ID>]
        var since: MonotonicInstant
        /// Whether it may be started at all by now.
        var isAdmitted: Bool
        /// When it may start; `nil` while something it needs is missing.
        var notBefore: MonotonicInstant?
    }

    private let pace: StartPace
    private var random: UInt64
    private var waiting: [Entry] = []
    private var ids: Set<ID> = []
    /// What is true of those that are needed. Released ones are here with nothing until they have started.
    private var reached: [ID: Set<StartCondition>] = [:]
    /// When the next start is due by the rate alone, ahead of now by at most the burst.
    private var due = MonotonicInstant(nanoseconds: .min / 2)

    /// An empty queue; one seed gives one sequence of random moments.
    public init(pace: StartPace, seed: UInt64) {
        self.pace = pace
        random = seed
    }

    /// Whether nothing waits.
    public var isEmpty: Bool { waiting.isEmpty }

    /// Whether that one waits.
    public func contains(_ id: ID) -> Bool { ids.contains(id) }

    /// Adds a start that is owed; one that waits already is left as it is. One that is not `admitted` is waited for by others
    /// and is not taken before it is.
    public mutating func add(
        _ id: ID, needs: [StartNeed<ID>], admitted: Bool = true, at now: MonotonicInstant
    ) {
        guard ids.insert(id).inserted else { return }
        reached[id] = nil
        waiting.append(Entry(id: id, needs: needs.filter { $0.id != id }, since: now, isAdmitted: admitted))
    }

    /// Admits one that was added without.
    public mutating func admit(_ id: ID) {
        guard ids.contains(id), let index = waiting.firstIndex(where: { $0.id == id }) else { return }
        waiting[index].isAdmitted = true
    }

    /// Takes one out that is not to be started any more.
    public mutating func remove(_ id: ID) {
        guard ids.remove(id) != nil else { return }
        waiting.removeAll { $0.id == id }
    }

    /// Notes what is true of a container now; whether that is news.
    @discardableResult
    public mutating func note(_ id: ID, _ conditions: Set<StartCondition>) -> Bool {
        guard !ids.contains(id) else { return false }
        let before = reached[id]
        let after = (before ?? []).union(conditions)
        reached[id] = after
        return before != after
    }

    /// Those to be started now, in the order in which they were added as far as their needs allow.
    public mutating func take(at now: MonotonicInstant) -> [ID] {
        ripen(at: now)
        var taken: [ID] = []
        let allowance = pace.allowance
        for entry in waiting {
            guard entry.isAdmitted, let notBefore = entry.notBefore, notBefore <= now else { continue }
            guard due <= now.advanced(by: allowance) else { break }
            due = max(due, now).advanced(by: pace.spacing)
            taken.append(entry.id)
        }
        for id in taken {
            ids.remove(id)
            reached[id] = []
        }
        if !taken.isEmpty {
            let gone = Set(taken)
            waiting.removeAll { gone.contains($0.id) }
        }
        if waiting.isEmpty { reached = [:] }
        return taken
    }

    /// When to ask again if nothing is noted or admitted meanwhile; `nil` when nothing waits for time.
    public mutating func next(after now: MonotonicInstant) -> MonotonicInstant? {
        ripen(at: now)
        let allowance = pace.allowance
        let byRate = due.advanced(by: -allowance)
        return waiting.filter(\.isAdmitted).map { entry in
            entry.notBefore.map { max($0, byRate) } ?? entry.since.advanced(by: pace.patience)
        }.min().map { max($0, now) }
    }

    /// Draws a moment for each whose needs are met, or will not be waited for any longer.
    private mutating func ripen(at now: MonotonicInstant) {
        var isMoving = reached.contains { !ids.contains($0.key) && $0.value.isEmpty }
        for index in waiting.indices where waiting[index].notBefore == nil {
            let entry = waiting[index]
            let isLate = entry.since.advanced(by: pace.patience) <= now
            if isLate || entry.needs.allSatisfy(isMet) { waiting[index].notBefore = draw(now) }
        }
        isMoving = isMoving || waiting.contains { $0.notBefore != nil || !$0.isAdmitted }
        // Somebody is waited for who has started and is not yet healthy, say.
        isMoving = isMoving || waiting.contains { $0.needs.contains { !ids.contains($0.id) && !isMet($0) } }
        if !isMoving, let first = waiting.indices.first { waiting[first].notBefore = draw(now) }
    }

    private func isMet(_ need: StartNeed<ID>) -> Bool {
        if ids.contains(need.id) { return false }
        return reached[need.id]?.contains(need.condition) ?? true
    }

    /// splitmix64 (Vigna, 2015).
    private mutating func draw(_ now: MonotonicInstant) -> MonotonicInstant {
        guard pace.jitter > .zero else { return now }
        random &+= 0x9E37_79B9_7F4A_7C15
        var value = random
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        value ^= value >> 31
        return now.advanced(by: Nanoseconds(Int64(clamping: value % pace.draws)))
    }
}
