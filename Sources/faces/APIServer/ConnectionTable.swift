internal import Logging
internal import NIOCore

/// All connections of the server. Belongs to its event loop.
final class ConnectionTable: Sendable {
    /// Interval at which overdue connections are looked for, while any connection may become overdue.
    private static let sweepTime = TimeAmount.seconds(1)

    private struct Connection {
        let handler: ConnectionHandler
        let channel: any Channel
        let account: ConnectionAccount
    }

    private struct State {
        var connections: [ObjectIdentifier: Connection] = [:]
        var counters = APICounters()
        var isSweeping = false
        var lastAnswer = NIODeadline.uptimeNanoseconds(0)
        var awaitsRest = false
        /// Whether closing the connection with most bytes is scheduled.
        var isRelieving = false
        /// The time of the last log line about a connection that was let go.
        var lastWord = NIODeadline.uptimeNanoseconds(0)
        var unsaid: UInt64 = 0
    }

    /// Least interval between log lines about connections that were let go.
    private static let wordTime = TimeAmount.seconds(6)

    /// Time without an answer after which the server is at rest.
    static let restTime = TimeAmount.seconds(5)

    let bounds: APIBounds
    private let loop: any EventLoop
    private let onRest: @Sendable () -> Void
    private let log: Logger
    private let state: NIOLoopBoundBox<State>

    init(_ bounds: APIBounds, loop: any EventLoop, log: Logger, onRest: @escaping @Sendable () -> Void) {
        self.bounds = bounds
        self.loop = loop
        self.log = log
        self.onRest = onRest
        state = .makeBoxSendingValue(State(), eventLoop: loop)
    }

    /// Counts since the server began, and of now. Call on the loop.
    var counters: APICounters {
        var counters = state.value.counters
        counters.connections = state.value.connections.count
        return counters
    }

    /// Takes a connection in, closing idle ones if it must. Returns false when there is no room.
    func admit(_ handler: ConnectionHandler, _ channel: any Channel, _ account: ConnectionAccount) -> Bool {
        if state.value.connections.count >= bounds.connections { evict() }
        guard state.value.connections.count < bounds.connections else {
            state.value.counters.refused += 1
            return false
        }
        let key = ObjectIdentifier(handler)
        state.value.connections[key] = Connection(handler: handler, channel: channel, account: account)
        state.value.counters.accepted += 1
        channel.closeFuture.whenComplete { _ in
            self.state.value.connections[key] = nil
            account.close()
        }
        return true
    }

    /// Closes the connections that have been idle longest: a sixteenth of the bound, or as many as are idle.
    private func evict() {
        let idle = state.value.connections.filter { $0.value.handler.isIdle }
            .sorted { $0.value.handler.since < $1.value.handler.since }
        for (key, connection) in idle.prefix(max(1, bounds.connections / 16)) {
            state.value.connections[key] = nil
            state.value.counters.evicted += 1
            connection.handler.close()
        }
    }

    // MARK: Memory

    /// Changes the number of bytes held for all connections; `count` is negative when bytes are let go.
    func charge(_ count: Int) {
        state.value.counters.held += count
        guard state.value.counters.held > bounds.memory, !state.value.isRelieving else { return }
        state.value.isRelieving = true
        // Later, so that no caller loses a connection in the middle of its work.
        loop.execute { self.relieve() }
    }

    /// Closes the connections for which most bytes are held, until all together are within the bound.
    private func relieve() {
        state.value.isRelieving = false
        while state.value.counters.held > bounds.memory {
            let largest = state.value.connections.values.max { $0.account.bytes < $1.account.bytes }
            guard let largest, largest.account.bytes > 0 else { return }
            say(largest)
            state.value.counters.letGo += 1
            largest.account.close()
            state.value.unsaid += 1
            largest.handler.letGo(largest.channel)
        }
    }

    private func say(_ connection: Connection) {
        let now = NIODeadline.now()
        guard state.value.unsaid == 0 || state.value.lastWord + Self.wordTime <= now else { return }
        log.warning(
            "a client was let go: more is held for all clients together than may be, and most for it, as it does not read",
            metadata: [
                "bytes": "\(connection.account.bytes)", "bound": "\(bounds.memory)",
                "others-since-last": "\(state.value.unsaid)",
            ])
        state.value.lastWord = now
        state.value.unsaid = 0
    }

    func countOversized() { state.value.counters.oversized += 1 }

    /// Notes that a request was answered: the time without an answer begins anew.
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

    /// Begins to look for overdue connections, as one may become overdue.
    func watch() {
        guard !state.value.isSweeping else { return }
        state.value.isSweeping = true
        loop.scheduleTask(in: Self.sweepTime) { self.sweep() }
    }

    private func sweep() {
        state.value.isSweeping = false
        let now = loop.now
        var isNeeded = false
        for connection in state.value.connections.values {
            let handler = connection.handler
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
