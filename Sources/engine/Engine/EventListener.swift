public import Model
internal import NIOCore

/// A listener to events. Unread events are held for all listeners together, so that a slow listener costs nothing. A listener too
/// far behind misses the oldest.
public final class EventListener: Sendable {
    private struct State {
        var next: UInt64
        var hasEnded = false
    }

    private let engine: Engine
    private let number: UInt64
    private let state: NIOLoopBoundBox<State>

    init(_ engine: Engine, number: UInt64, from first: UInt64) {
        self.engine = engine
        self.number = number
        state = NIOLoopBoundBox(State(next: first), eventLoop: engine.loop)
    }

    /// Waits for the next event; `nil` after `end()`. Use on the engine.
    public func next(on engine: isolated Engine) async -> EventMessage? {
        while !state.value.hasEnded {
            if let (event, number) = engine.eventLog.event(from: state.value.next) {
                state.value.next = number + 1
                return event
            }
            let promise = engine.loop.makePromise(of: Void.self)
            engine.eventLog.wait(number, promise)
            try? await promise.futureResult.get()
        }
        return nil
    }

    /// Makes `next` return `nil`. May be called from any thread.
    public func end() {
        engine.loop.execute {
            self.state.value.hasEnded = true
            self.engine.assumeIsolated { $0.eventLog.endWaiting(self.number) }
        }
    }
}
