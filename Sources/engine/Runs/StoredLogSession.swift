internal import Logs
internal import Model
package import NIOCore
package import Supervision
internal import Synchronization

/// A log read from its files or from the journal, block by block, elsewhere. Everything in here belongs to the loop.
package actor StoredLogSession: LogSession {
    /// How much is rendered at once, in bytes.
    private static let blockSize = 256 * 1024
    /// How long the journal is waited for, 10 ms each: when journald has taken all that was sent, and at most.
    private static let patience = 300
    private static let longestPatience = 3_000

    /// A reader that has read, what it has, and how far it is.
    private typealias Block = (cursor: LogCursor, bytes: [UInt8], progress: LogProgress)

    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }
    private nonisolated let executor: any SerialExecutor
    private nonisolated let loop: any EventLoop

    private let target: LogTarget
    private let query: LogQuery
    private let rendering: LogRendering
    /// Where it is read: a reader of the journal lives and dies on one thread.
    private nonisolated let readers: any WorkPool
    /// Completed when the log has grown or its run is over; `nil` when the run is over.
    private let change: @Sendable () -> EventLoopFuture<Void>?
    private nonisolated let cursor = Mutex<LogCursor?>(nil)

    private var hasEnded = false
    /// The next block, read while the one before is sent.
    private var ahead: EventLoopFuture<Block>?
    /// How often the journal was asked in vain for what was sent to it.
    private var vain = 0
    /// What must be there: of what is sent while one reads, who does not follow sees what has come.
    private var sent: JournalProgress.Place?

    /// A session over a log. `details` is put before each entry. `change` is called on the loop; as with Docker, following ends
    /// with the run.
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
            throw EngineError(.failed, "cannot read the log: \(describe(error))")
        }
    }

    private func read() async throws -> ByteBuffer? {
        while !hasEnded {
            // Asked for before reading: what is written meanwhile completes it.
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
                guard let change else {
                    hasEnded = true
                    return nil
                }
                try await change.get()
                vain = 0
            }
        }
        return nil
    }

    private func readBlock() async throws -> ([UInt8], LogProgress) {
        let block = try await (ahead ?? startReading()).get()
        cursor.withLock { $0 = block.cursor }
        // Who follows has to ask for what comes before each reading, and a reader of the journal must not be let go of here.
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
