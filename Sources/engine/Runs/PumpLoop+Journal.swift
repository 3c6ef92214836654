internal import Linux
internal import Logs
internal import Model

// A journald that takes nothing holds back for a while the containers that log to it, and no others.
extension PumpLoop {
    /// Time for which a container waits for a journald that takes nothing, until its output is dropped.
    static let journalPatience = Nanoseconds.seconds(5)
    /// Interval of looking for a missing journald.
    static let journalRetry = Nanoseconds.milliseconds(50)

    /// Stops reading a run whose log holds output that the journal does not take.
    mutating func holdBack(_ number: RunID, _ log: any LogSink) {
        guard log.isBlocked else { return }
        if blocked.isEmpty { blockedUntil = clock.monotonic.advanced(by: Self.journalPatience) }
        if let id = feeds[number]?.setup.log { blocked.insert(id) }
        feeds[number]?.isHeldBack = true
        if let feed = feeds[number] { watch(feed) }
        watchJournal()
    }

    /// Waits for room on the socket while a container needs it.
    private mutating func watchJournal() {
        let wanted = blocked.isEmpty ? nil : journalSocket.descriptor
        guard wanted != watchedSocket else { return }
        if let watchedSocket { epoll.remove(watchedSocket) }
        watchedSocket = nil
        guard let wanted, (try? epoll.add(wanted, token: Token.journal, .write)) != nil else { return }
        watchedSocket = wanted
    }

    /// Tries again with the held output of the logs, and gives up after `journalPatience`.
    mutating func resumeJournal() {
        guard !blocked.isEmpty else { return }
        var isTaking = false
        for id in blocked.sorted() {
            let written = logs[id]?.accounting.bytesWritten
            logs[id]?.resume()
            if logs[id]?.accounting.bytesWritten != written { isTaking = true }
        }
        // A slow journald does not count as hanging.
        if isTaking { blockedUntil = clock.monotonic.advanced(by: Self.journalPatience) }
        let isOver = blockedUntil.map { $0 <= clock.monotonic } ?? false
        for id in blocked.sorted() {
            guard let log = logs[id] else {
                blocked.remove(id)
                continue
            }
            if log.isBlocked, isOver { log.giveUp() }
            if !log.isBlocked { release(id) }
        }
        if blocked.isEmpty { blockedUntil = nil }
        watchJournal()
    }

    private mutating func release(_ id: ContainerID) {
        blocked.remove(id)
        for number in feeds.keys where feeds[number]?.setup.log == id {
            feeds[number]?.isHeldBack = false
            if let feed = feeds[number] { watch(feed) }
            endIfDone(number)
        }
        if watchedLogs.remove(id) != nil { tell(.logGrown(id)) }
    }

    /// Counts the remaining output of a run that was held back to its end as lost.
    mutating func takeRest(_ number: RunID) {
        guard let feed = feeds[number], let log = feed.setup.log.flatMap({ logs[$0] }) else { return }
        log.giveUp()
        feeds[number]?.isFlushed = false
        for (source, stream) in [(feed.setup.stdout, OutputStream.stdout), (feed.setup.stderr, .stderr)] {
            guard let source else { continue }
            while case .moved = transfer(source.rawValue, to: log, stream) {}
        }
    }

    /// Time of the next attempt at the journal.
    var journalDeadline: MonotonicInstant? {
        guard !blocked.isEmpty, let blockedUntil else { return nil }
        return watchedSocket == nil ? min(blockedUntil, clock.monotonic.advanced(by: Self.journalRetry)) : blockedUntil
    }
}
