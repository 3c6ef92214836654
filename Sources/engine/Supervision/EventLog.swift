internal import DequeModule
public import Model
package import NIOCore

/// The last events of all services. Listeners read them from one place, each at its own position. Confined to the loop, but for
/// `EventListener.end()`.
public final class EventLog: Sendable {
    private let state: NIOLoopBoundBox<EventState>
    let loop: any EventLoop

    /// An empty log.
    package init(loop: any EventLoop) {
        self.loop = loop
        state = .makeBoxSendingValue(EventState(), eventLoop: loop)
    }

    /// Emits an event to all listeners, and remembers it.
    public func append(_ event: EventMessage) { state.value.append(event) }

    /// A listener to the remembered events since a time, and to later ones; `nil` is later ones alone.
    public func listen(since: WallTime?) -> EventListener {
        let number = state.value.newListener()
        return EventListener(self, number: number, from: state.value.number(since: since))
    }

    func event(from number: UInt64) -> (event: EventMessage, number: UInt64)? { state.value.event(from: number) }

    func wait(_ listener: UInt64, _ promise: EventLoopPromise<Void>) { state.value.wait(listener, promise) }

    func endWaiting(_ listener: UInt64) { state.value.endWaiting(listener) }
}

/// Events and those who wait for the next.
private struct EventState {
    /// Number of events kept, for `--since` and for slow listeners; Docker keeps 256.
    static let remembered = 4096
    /// Bytes of events kept; a container's labels are in each of its events.
    static let rememberedBytes = 4 << 20

    private var recent: Deque<(event: EventMessage, size: Int)> = []
    private var size = 0
    /// Number of the first event kept.
    private var first: UInt64 = 0
    private var waiting: [UInt64: EventLoopPromise<Void>] = [:]
    private var nextListener: UInt64 = 0

    /// Number of the next event.
    var end: UInt64 { first + UInt64(recent.count) }

    /// Adds an event and wakes all listeners that wait for it.
    mutating func append(_ event: EventMessage) {
        let count = Self.size(of: event)
        recent.append((event, count))
        size += count
        // The newest stays, whatever its size.
        while recent.count > Self.remembered || size > Self.rememberedBytes && recent.count > 1 {
            size -= recent.removeFirst().size
            first += 1
        }
        let woken = waiting.values
        waiting = [:]
        for promise in woken { promise.succeed(()) }
    }

    private static func size(of event: EventMessage) -> Int {
        event.attributes.reduce(256 + event.action.utf8.count) { $0 + $1.key.utf8.count + $1.value.utf8.count + 64 }
    }

    /// Number of the first kept event that is not before a time; that of the next event for `nil`.
    func number(since: WallTime?) -> UInt64 {
        guard let since else { return end }
        let index = recent.firstIndex { $0.event.time >= since } ?? recent.count
        return first + UInt64(index)
    }

    /// The event of a number, or the oldest one kept when that is later; `nil` when there is none yet.
    func event(from number: UInt64) -> (event: EventMessage, number: UInt64)? {
        let number = max(number, first)
        guard number < end else { return nil }
        return (recent[Int(number - first)].event, number)
    }

    /// Number of a new listener.
    mutating func newListener() -> UInt64 {
        nextListener += 1
        return nextListener
    }

    /// Completes a listener's promise at the next event.
    mutating func wait(_ listener: UInt64, _ promise: EventLoopPromise<Void>) { waiting[listener] = promise }

    /// Wakes a listener that stops waiting.
    mutating func endWaiting(_ listener: UInt64) { waiting.removeValue(forKey: listener)?.succeed(()) }
}
