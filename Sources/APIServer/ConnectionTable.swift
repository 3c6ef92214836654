internal import NIOCore

/// All connections of the server. Belongs to its event loop.
final class ConnectionTable: Sendable {
    /// How often overdue connections are looked for, while there is any that may become so.
    private static let sweepTime = TimeAmount.seconds(1)

    private struct State {
        var handlers: [ObjectIdentifier: ConnectionHandler] = [:]
        var counters = APICounters()
        var isSweeping = false
        var lastAnswer = NIODeadline.uptimeNanoseconds(0)
        var awaitsRest = false
    }

    /// How long nothing is answered before the server is at rest.
    static let restTime = TimeAmount.seconds(5)

    let bounds: APIBounds
    private let loop: any EventLoop
    private let onRest: @Sendable () -> Void
    private let state: NIOLoopBoundBox<State>

    init(_ bounds: APIBounds, loop: any EventLoop, onRest: @escaping @Sendable () -> Void) {
        self.bounds = bounds
        self.loop = loop
        self.onRest = onRest
        state = .makeBoxSendingValue(State(), eventLoop: loop)
    }

    /// What happened so far. Call on the loop.
    var counters: APICounters {
        var counters = state.value.counters
        counters.connections = state.value.handlers.count
        return counters
    }

    /// Takes a connection in, at the cost of idle ones if need be; false when there is no room.
    func admit(_ handler: ConnectionHandler, _ channel: any Channel) -> Bool {
        if state.value.handlers.count >= bounds.connections { evict() }
        guard state.value.handlers.count < bounds.connections else {
            state.value.counters.refused += 1
            return false
        }
        let key = ObjectIdentifier(handler)
        state.value.handlers[key] = handler
        state.value.counters.accepted += 1
        channel.closeFuture.whenComplete { _ in self.state.value.handlers[key] = nil }
        return true
    }

    /// Closes a sixteenth of the connections, or as many as are idle: those that have been so longest.
    private func evict() {
        let idle = state.value.handlers.filter { $0.value.isIdle }.sorted { $0.value.since < $1.value.since }
        for (key, handler) in idle.prefix(max(1, bounds.connections / 16)) {
            state.value.handlers[key] = nil
            state.value.counters.evicted += 1
            handler.close()
        }
    }

    func countOversized() { state.value.counters.oversized += 1 }

    /// A request was answered.
    func answered() {
        state.value.lastAnswer = loop.now
        guard !state.value.awaitsRest else { return }
        state.value.awaitsRest = true
        awaitRest()
    }

    private func awaitRest() {
        let rest = state.value.lastAnswer + Self.restTime
        loop.scheduleTask(deadline: rest) {
            guard self.state.value.lastAnswer + Self.restTime <= self.loop.now else { return self.awaitRest() }
            self.state.value.awaitsRest = false
            self.onRest()
        }
    }

    /// A connection may become overdue.
    func watch() {
        guard !state.value.isSweeping else { return }
        state.value.isSweeping = true
        loop.scheduleTask(in: Self.sweepTime) { self.sweep() }
    }

    private func sweep() {
        state.value.isSweeping = false
        let now = loop.now
        var isNeeded = false
        for handler in state.value.handlers.values {
            guard let deadline = handler.deadline(bounds) else { continue }
            if deadline <= now {
                state.value.counters.expired += 1
                handler.expire()
            } else {
                isNeeded = true
            }
        }
        if isNeeded { watch() }
    }
}
