package import DequeModule
package import Lifecycle
package import Model
package import NIOCore
package import Records
package import Runs

/// Effects of a container that wait for their turn, and its history that waits for the disk.
package struct Outbox {
    /// Largest number of history entries of one container that wait for a disk that takes nothing; the oldest are dropped first.
    package static let historyBound = 256

    /// Effects that wait for an earlier one to become durable.
    package private(set) var pending: Deque<PendingEffect> = []
    /// Whether effects are being carried out, or one is on its way to the disk.
    package private(set) var isCarrying = false
    /// Callers waiting until nothing is pending.
    private var settled: [EventLoopPromise<Void>] = []
    /// Entries of the history that no writing includes yet.
    package private(set) var history: [HistoryEntry] = []
    /// The slot whose end the keeper still holds because the disk has not taken it.
    private var keptEnd: RunID?

    /// Whether everything that happened was carried out, and so is durable.
    package var isSettled: Bool { !isCarrying && pending.isEmpty }
    /// Number of callers that wait for that.
    package var settledCount: Int { settled.count }

    /// An empty outbox.
    package init() {}

    // MARK: Effects

    /// Adds an effect at the end.
    package mutating func append(_ effect: PendingEffect) { pending.append(effect) }

    /// Adds one more writing of the record.
    package mutating func persist(at instant: MonotonicInstant) { append(PendingEffect(effect: .persist, at: instant)) }

    /// Begins to carry out effects; false while others are being carried out.
    package mutating func begin() -> Bool {
        guard !isCarrying else { return false }
        isCarrying = true
        return true
    }

    /// Takes the next effect.
    package mutating func next() -> PendingEffect? { pending.popFirst() }

    /// Takes the next effect when it is a decision.
    package mutating func nextDecision() -> PendingEffect? {
        guard case .record? = pending.first?.effect else { return nil }
        return pending.popFirst()
    }

    /// Takes the next effect when it is a launch.
    package mutating func nextLaunch() -> LaunchOrigin? {
        guard case .launch(let origin)? = pending.first?.effect else { return nil }
        pending.removeFirst()
        return origin
    }

    /// Ends a writing; the next effect may follow.
    package mutating func resume() { isCarrying = false }

    /// Ends the carrying out, as nothing is pending; returns the callers that waited for it.
    package mutating func settle() -> [EventLoopPromise<Void>] {
        isCarrying = false
        defer { settled = [] }
        return settled
    }

    /// Adds a promise to complete when everything was carried out.
    package mutating func whenSettled(_ promise: EventLoopPromise<Void>) { settled.append(promise) }

    // MARK: The disk

    /// Adds an entry to the history; the next writing includes it.
    package mutating func remember(_ entry: HistoryEntry) { history.append(entry) }

    /// Takes the history for a writing. That writing replaces the pending ones, whose content it has.
    package mutating func takeHistory() -> [HistoryEntry] {
        pending.removeAll { $0.effect == .persist }
        defer { history = [] }
        return history
    }

    /// Puts back entries that the disk did not take.
    package mutating func putBack(_ entries: [HistoryEntry]) { history = (entries + history).suffix(Self.historyBound) }

    /// Keeps the end of a slot until the record that holds it is written; returns the earlier slot that it replaces. There is one
    /// for each container, so that one that ends again and again on a full disk does not fill the keeper's table.
    package mutating func keepEnd(of slot: RunID) -> RunID? {
        defer { keptEnd = slot }
        return keptEnd
    }

    /// Takes the slot whose end is on the disk, which the keeper may forget.
    package mutating func takeKeptEnd() -> RunID? {
        defer { keptEnd = nil }
        return keptEnd
    }

    /// Drops everything; returns the callers and the effects that are not carried out. No effect is carried out any more.
    package mutating func abandon() -> (callers: [EventLoopPromise<Void>], effects: [PendingEffect]) {
        defer {
            self = Outbox()
            isCarrying = true
        }
        return (settled, Array(pending))
    }
}

/// An effect that waits for its turn.
package struct PendingEffect {
    package let effect: Effect
    /// The moment of its event.
    package let at: MonotonicInstant
    /// Callers that waited for it when the event happened; later ones wait for the next.
    package var audience = Audience()
    /// The user's command that it belongs to.
    package var command: UserCommand?

    /// Callers that a notice answers.
    package struct Audience {
        package var promises: [EventLoopPromise<Void>] = []
        package var waiters: [EventLoopPromise<WaitOutcome>] = []
        /// Whether no run follows by itself, so that clients attached until then are released.
        package var isFinal = false

        package init(
            promises: [EventLoopPromise<Void>] = [], waiters: [EventLoopPromise<WaitOutcome>] = [],
            isFinal: Bool = false
        ) {
            self.promises = promises
            self.waiters = waiters
            self.isFinal = isFinal
        }
    }

    package init(effect: Effect, at: MonotonicInstant) {
        self.effect = effect
        self.at = at
    }
}
