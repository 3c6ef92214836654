internal import DequeModule
internal import Lifecycle
internal import Model
internal import NIOCore
internal import Records
internal import Runs

/// The effects of a container that wait for their turn, and what of it waits for the disk.
struct Outbox {
    /// How many entries of one container's history wait for a disk that takes nothing; the oldest go first.
    static let historyBound = 256

    /// Effects that wait for an earlier one to become durable.
    private(set) var pending: Deque<PendingEffect> = []
    /// Whether effects are being carried out, or one is on its way to the disk.
    private(set) var isCarrying = false
    /// Callers waiting until nothing is pending.
    private var settled: [EventLoopPromise<Void>] = []
    /// Entries of the history that no writing has taken along yet.
    private(set) var history: [HistoryEntry] = []
    /// The slot whose end the keeper still holds because the disk has not taken it.
    private var keptEnd: UInt64?

    /// Whether everything that happened was carried out, and so is durable.
    var isSettled: Bool { !isCarrying && pending.isEmpty }
    /// Number of callers that wait for that.
    var settledCount: Int { settled.count }

    // MARK: Effects

    /// Puts an effect behind the others.
    mutating func append(_ effect: PendingEffect) { pending.append(effect) }

    /// Has the record written once more.
    mutating func persist(at instant: MonotonicInstant) { append(PendingEffect(effect: .persist, at: instant)) }

    /// Begins to carry effects out; false while others are.
    mutating func begin() -> Bool {
        guard !isCarrying else { return false }
        isCarrying = true
        return true
    }

    /// Takes the next effect.
    mutating func next() -> PendingEffect? { pending.popFirst() }

    /// Takes the next effect when it is a decision.
    mutating func nextDecision() -> PendingEffect? {
        guard case .record? = pending.first?.effect else { return nil }
        return pending.popFirst()
    }

    /// Takes the next effect when it is a launch.
    mutating func nextLaunch() -> LaunchOrigin? {
        guard case .launch(let origin)? = pending.first?.effect else { return nil }
        pending.removeFirst()
        return origin
    }

    /// A writing has ended, and the next effect may follow.
    mutating func resume() { isCarrying = false }

    /// Nothing is pending any more; returns the callers that waited for it.
    mutating func settle() -> [EventLoopPromise<Void>] {
        isCarrying = false
        defer { settled = [] }
        return settled
    }

    /// Completes a promise when everything was carried out.
    mutating func whenSettled(_ promise: EventLoopPromise<Void>) { settled.append(promise) }

    // MARK: The disk

    /// Puts an entry into the history; the next writing takes it along.
    mutating func remember(_ entry: HistoryEntry) { history.append(entry) }

    /// Takes what a writing takes along. It covers the writings that wait already: it holds what they would write.
    mutating func takeHistory() -> [HistoryEntry] {
        pending.removeAll { $0.effect == .persist }
        defer { history = [] }
        return history
    }

    /// The disk did not take these entries.
    mutating func putBack(_ entries: [HistoryEntry]) { history = (entries + history).suffix(Self.historyBound) }

    /// One end for each container is kept until the record that holds it is written. Returns the earlier one, in whose place it
    /// is: so a container that ends again and again on a full disk does not fill the keeper's table.
    mutating func keepEnd(of slot: UInt64) -> UInt64? {
        defer { keptEnd = slot }
        return keptEnd
    }

    /// The end is on the disk: returns the slot that the keeper may forget.
    mutating func takeKeptEnd() -> UInt64? {
        defer { keptEnd = nil }
        return keptEnd
    }

    /// Drops everything; returns the callers and the effects that are not carried out. Nothing is carried out any more.
    mutating func abandon() -> (callers: [EventLoopPromise<Void>], effects: [PendingEffect]) {
        defer {
            self = Outbox()
            isCarrying = true
        }
        return (settled, Array(pending))
    }
}

/// An effect that waits for its turn.
struct PendingEffect {
    let effect: Effect
    /// The moment of its event.
    let at: MonotonicInstant
    /// Who waited for it when the event happened; whoever comes later waits for the next.
    var audience = Audience()
    /// The user's command that it belongs to.
    var command: UserCommand?

    /// Those whom a notice answers.
    struct Audience {
        var promises: [EventLoopPromise<Void>] = []
        var waiters: [EventLoopPromise<WaitOutcome>] = []
        /// Whether no run follows by itself, so that those who stay attached until then are let go.
        var isFinal = false
    }
}
