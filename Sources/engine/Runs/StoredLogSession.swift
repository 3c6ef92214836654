internal import Linux
internal import Logs
internal import Model
package import NIOCore
package import Supervision
internal import Synchronization

/// A log that is read from its files or from the journal, block by block, on other threads. All state belongs to the loop.
package actor StoredLogSession: LogSession {
    /// Bytes rendered at once.
    private static let blockSize = 256 * 1024
    /// Number of attempts at the journal, 10 ms each: when journald has taken all entries that were sent, and at most.
    private static let patience = 300
    private static let longestPatience = 3_000

    /// A reader after one reading, its bytes, and its progress.
    private typealias Block = (cursor: LogCursor, bytes: [UInt8], progress: LogProgress)

    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }
    private nonisolated let executor: any SerialExecutor
    private nonisolated let loop: any EventLoop

    private let target: LogTarget
    private let query: LogQuery
    private let rendering: LogRendering
    /// Threads of the reading; a reader of the journal lives and dies on one thread.
    private nonisolated let readers: any WorkPool
    /// Completed when the log has grown or its run is over; `nil` when the run is over.
    private let change: @Sendable () -> EventLoopFuture<Void>?
    private nonisolated let cursor = Mutex<LogCursor?>(nil)

    private var hasEnded = false
    /// The next block, read while the one before is sent.
    private var ahead: EventLoopFuture<Block>?
    /// Number of vain attempts at the journal for entries that were sent to it.
    private var vain = 0
    /// The last entry that must be there. A session that does not follow ends with the entries sent before it began.
    private var sent: JournalProgress.Place?

    /// A session over a log. `details` precedes each entry. `change` is called on the loop. Following ends with the run, as with
    /// Docker.
    package init(
        _ target: LogTarget, _ request: LogRequest, details: [UInt8], readers: any WorkPool, loop: any EventLoop,
        change: @escaping @Sendable () -> EventLoopFuture<Void>?
    ) {
        self.target = target
        self.readers = readers
        self.loop = loop
        self.executor = loop.executor
        self.change = change
        var query = LogQuery()
        query.since = request.since
        query.until = request.until
        query.tail = request.tail
        query.follow = request.follow
        query.streams = []
        if request.stdout { query.streams.insert(.stdout) }
        if request.stderr { query.streams.insert(.stderr) }
        self.query = query
        var rendering = LogRendering(multiplexed: request.multiplexed, timestamps: request.timestamps)
        if request.details { rendering.details = details }
        self.rendering = rendering
    }

    deinit {
        guard let last = cursor.withLock({ $0.take() }) else { return }
        _ = readers.run(on: loop) { withExtendedLifetime(last) {} }
    }

    /// The next bytes, already rendered; `nil` at the end.
    package func next() async throws(EngineError) -> ByteBuffer? {
        do { return try await read() } catch let error as EngineError { throw error } catch {
            throw EngineError(.failed, "cannot read the log: \(error.sentence)")
        }
    }

    private func read() async throws -> ByteBuffer? {
        while !hasEnded {
            // Requested before reading, so that output written meanwhile completes it.
            let change = query.follow ? self.change() : nil
            let (bytes, progress) = try await readBlock()
            if progress == .ended { hasEnded = true }
            if !bytes.isEmpty {
                vain = 0
                return ByteBuffer(bytes: bytes)
            }
            switch progress {
            case .more, .ended: continue
            case .lagging:
                vain += 1
                try await loop.scheduleTask(in: .milliseconds(10)) {}.futureResult.get()
            case .caughtUp:
                guard let change, try await hasChanged(change) else {
                    hasEnded = true
                    return nil
                }
                vain = 0
            }
        }
        return nil
    }

    /// Waits for a change; false when the time of the last line has come before it.
    private func hasChanged(_ change: EventLoopFuture<Void>) async throws -> Bool {
        guard let until = query.until else {
            try await change.get()
            return true
        }
        let left = until.since(WallTime.now)
        guard left > .zero else { return false }
        let woken = loop.makePromise(of: Void.self)
        change.whenComplete { _ in woken.succeed(()) }
        let timer = loop.scheduleTask(in: .nanoseconds(left.count)) { woken.succeed(()) }
        defer { timer.cancel() }
        // What was written until then is read once more.
        try await woken.futureResult.get()
        return true
    }

    private func readBlock() async throws -> ([UInt8], LogProgress) {
        let block = try await (ahead ?? startReading()).get()
        cursor.withLock { $0 = block.cursor }
        // A session that follows requests `change` before each reading, and a reader of the journal must not be dropped here.
        let mayReadAhead = block.progress == .more && !query.follow && !target.isJournal
        ahead = mayReadAhead ? startReading() : nil
        return (block.bytes, block.progress)
    }

    private func startReading() -> EventLoopFuture<Block> {
        let cursor = self.cursor.withLock { $0 }
        let (target, query, rendering) = (target, query, rendering)
        if query.follow || sent == nil { sent = target.sent }
        // journald may have dropped an entry that it took, but not one that it has yet to take.
        let patience = target.isOnTheWay ? Self.longestPatience : Self.patience
        let sent = vain < patience ? self.sent : nil
        return readers.run(on: loop) {
            let cursor = try cursor ?? LogCursor(target, query, rendering)
            let (bytes, progress) = try cursor.next(limit: Self.blockSize, sent: sent)
            return Block(cursor, bytes, progress)
        }
    }
}
