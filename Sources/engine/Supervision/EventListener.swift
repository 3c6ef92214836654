public import Model
internal import NIOCore

/// A listener to events. Unread events are held for all listeners together, so that a slow listener costs nothing. A listener too
/// far behind misses the oldest.
public final class EventListener: Sendable {
    private struct State {
        var next: UInt64
        var hasEnded = false
    }

    private let log: EventLog
    private let number: UInt64
    private let state: NIOLoopBoundBox<State>

    init(_ log: EventLog, number: UInt64, from first: UInt64) {
        self.log = log
        self.number = number
        state = NIOLoopBoundBox(State(next: first), eventLoop: log.loop)
    }

    /// Waits for the next event; `nil` after `end()`. Use on the loop, isolated to an actor of it.
    public func next(isolation: isolated (any Actor)? = #isolation) async -> EventMessage? {
        while !state.value.hasEnded {
            if let (event, number) = log.event(from: state.value.next) {
                state.value.next = number + 1
                return event
            }
            let promise = log.loop.makePromise(of: Void.self)
            log.wait(number, promise)
            try? await promise.futureResult.get()
        }
        return nil
    }

    /// Makes `next` return `nil`. May be called from any thread.
    public func end() {
        log.loop.execute {
            self.state.value.hasEnded = true
            self.log.endWaiting(self.number)
        }
    }
}
