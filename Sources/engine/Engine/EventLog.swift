internal import DequeModule
internal import Model
internal import NIOCore

/// The last events, which all who listen read from one place, each as far as it is. Confined to the engine.
struct EventLog {
    /// How many events are remembered, for `--since` and for listeners that are behind; Docker remembers 256.
    static let remembered = 4096
    /// How many bytes of events are remembered: a container's labels are in each of its events.
    static let rememberedBytes = 4 << 20

    private var recent: Deque<(event: EventMessage, size: Int)> = []
    private var size = 0
    /// The number of the first event that is remembered.
    private var first: UInt64 = 0
    private var waiting: [UInt64: EventLoopPromise<Void>] = [:]
    private var nextListener: UInt64 = 0

    /// The number that the next event gets.
    var end: UInt64 { first + UInt64(recent.count) }

    /// Remembers an event and wakes everybody who waits for it.
    mutating func append(_ event: EventMessage) {
        let count = Self.size(of: event)
        recent.append((event, count))
        size += count
        // The newest stays, however large.
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

    /// The number of the first remembered event that is not before a time.
    func number(since: WallTime?) -> UInt64 {
        guard let since else { return end }
        let index = recent.firstIndex { $0.event.time >= since } ?? recent.count
        return first + UInt64(index)
    }

    /// The event of a number, or of the oldest that is remembered when that is later; `nil` when there is none yet.
    func event(from number: UInt64) -> (event: EventMessage, number: UInt64)? {
        let number = max(number, first)
        guard number < end else { return nil }
        return (recent[Int(number - first)].event, number)
    }

    /// A number for one who listens.
    mutating func newListener() -> UInt64 {
        nextListener += 1
        return nextListener
    }

    /// Wakes a listener at the next event.
    mutating func wait(_ listener: UInt64, _ promise: EventLoopPromise<Void>) { waiting[listener] = promise }

    /// Wakes a listener that waits for no more.
    mutating func endWaiting(_ listener: UInt64) { waiting.removeValue(forKey: listener)?.succeed(()) }
}
