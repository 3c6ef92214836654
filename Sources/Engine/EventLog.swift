internal import DequeModule
internal import Model

/// The last events, and everybody who listens for the next. Confined to the engine.
struct EventLog {
    /// How many events are remembered for `--since`; Docker remembers 256.
    static let remembered = 1024
    /// How many undelivered events one listener may have before the oldest are dropped for it.
    static let backlog = 4096

    private var recent: Deque<EventMessage> = []
    private var listeners: [UInt64: AsyncStream<EventMessage>.Continuation] = [:]
    private var nextListener: UInt64 = 0

    /// Remembers an event and tells it to everybody.
    mutating func append(_ event: EventMessage) {
        if recent.count == Self.remembered { recent.removeFirst() }
        recent.append(event)
        for listener in listeners.values { listener.yield(event) }
    }

    /// A stream of the remembered events since a time, and of those to come.
    mutating func subscribe(
        since: WallTime?, onEnd: @escaping @Sendable (UInt64) -> Void
    ) -> AsyncStream<EventMessage> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: EventMessage.self, bufferingPolicy: .bufferingNewest(Self.backlog))
        if let since {
            for event in recent where event.time >= since { continuation.yield(event) }
        }
        let number = nextListener
        nextListener += 1
        listeners[number] = continuation
        continuation.onTermination = { _ in onEnd(number) }
        return stream
    }

    /// Forgets a listener that went away.
    mutating func unsubscribe(_ number: UInt64) { listeners[number] = nil }
}
