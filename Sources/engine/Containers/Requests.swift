package import Lifecycle
internal import Model
package import NIOCore
package import Runs

/// Unanswered requests to a container.
package struct Requests {
    /// Kinds of requests; each is answered by a notice of the life cycle.
    package enum Kind: Hashable, CaseIterable {
        case start, stop, pause, remove
    }

    private var promises: [Kind: [EventLoopPromise<Void>]] = [:]
    private var waiters: [(condition: WaitCondition, promise: EventLoopPromise<WaitOutcome>)] = []

    /// Number of requests.
    package var count: Int { promises.values.reduce(waiters.count) { $0 + $1.count } }

    /// Adds a request.
    package mutating func add(_ promise: EventLoopPromise<Void>, _ kind: Kind) {
        promises[kind, default: []].append(promise)
    }

    /// Removes a request that was refused.
    package mutating func withdraw(_ promise: EventLoopPromise<Void>, _ kind: Kind) {
        promises[kind]?.removeAll { $0.futureResult === promise.futureResult }
    }

    /// Adds a caller that waits for a condition.
    package mutating func wait(for condition: WaitCondition, _ promise: EventLoopPromise<WaitOutcome>) {
        waiters.append((condition, promise))
    }

    /// Takes the requests of a kind.
    package mutating func take(_ kind: Kind) -> [EventLoopPromise<Void>] { promises.removeValue(forKey: kind) ?? [] }

    /// Takes the callers that wait for one of these conditions.
    package mutating func takeWaiters(
        where matches: (WaitCondition) -> Bool = { _ in true }
    ) -> [EventLoopPromise<WaitOutcome>] {
        let taken = waiters.filter { matches($0.condition) }.map(\.promise)
        if !taken.isEmpty { waiters.removeAll { matches($0.condition) } }
        return taken
    }

    /// Takes the callers that a notice answers. `isFinal`: no run follows by itself. `isBeingRestarted`: the new run is ended at
    /// once for a restart that was requested during its start; the next run is the answer then.
    package mutating func take(
        answeredBy notice: Notice, isFinal: Bool, isBeingRestarted: Bool
    ) -> PendingEffect.Audience {
        switch notice {
        case .started where isBeingRestarted: .init()
        case .started, .startFailed: .init(promises: take(.start))
        case .exited:
            .init(
                promises: take(.stop),
                waiters: takeWaiters { $0 != .removed && ($0 != .final || isFinal) }, isFinal: isFinal)
        case .killOverdue, .startEnded: .init(promises: take(.stop))
        case .paused: .init(promises: take(.pause))
        case .removed: .init(promises: take(.remove), waiters: takeWaiters(), isFinal: true)
        case .removeFailed: .init(promises: take(.remove))
        }
    }

    /// Fails all requests.
    package mutating func abandon(with error: any Error) {
        for kind in Kind.allCases { for promise in take(kind) { promise.fail(error) } }
        for waiter in takeWaiters() { waiter.fail(error) }
    }
}
