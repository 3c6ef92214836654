internal import Lifecycle
internal import Logs
internal import Model
internal import NIOCore
internal import NIOPosix
internal import Synchronization

extension Engine {
    /// Opens a container's log for the pump, once for all its runs.
    func openLog(_ container: Container) throws {
        guard !container.output.isLogOpen, let target = try logTarget(container), container.output.openLog() else {
            return
        }
        pump?.send(.openLog(container.id, target))
    }

    private func logTarget(_ container: Container) throws(EngineError) -> LogTarget? {
        let configuration: LogConfiguration
        do {
            configuration = try LogConfiguration(container.spec.logging)
        } catch {
            throw EngineError(.badRequest, "failed to initialize logging driver: \(error.message)")
        }
        let directory = store.logDirectory(of: container.id)
        switch configuration.driver {
        case .none: return nil
        case .cri, .jsonFile:
            let path = directory + "/" + configuration.driver.fileName(for: container.id)
            return LogTarget(configuration: configuration, place: .files(path: path))
        case .journald:
            do {
                let fields = try JournalFields(container)
                return LogTarget(
                    configuration: configuration,
                    place: .journal(fields, spool: directory + "/journal.held", container.output.journalProgress))
            } catch {
                throw EngineError(.badRequest, "failed to initialize logging driver: \(error.message)")
            }
        }
    }

    func closeLog(_ container: Container) {
        guard container.output.closeLog() else { return }
        pump?.send(.closeLog(container.id))
        wakeFollowers(container.id)
    }

    func wakeFollowers(_ id: ContainerID) {
        for follower in containers[id]?.output.takeFollowers() ?? [] { follower.succeed(()) }
    }

    /// Completed when the log has grown or the run is over; `nil` when the run is over already, whatever runs now.
    func logChange(_ id: ContainerID, of run: UInt64?) -> EventLoopFuture<Void>? {
        guard let container = containers[id], let run, container.run?.number == run else { return nil }
        let promise = loop.makePromise(of: Void.self)
        container.output.follow(promise)
        pump?.send(.watchLog(id))
        return promise.futureResult
    }

    /// Opens its log.
    public func logs(_ reference: String, _ request: LogRequest) async throws(EngineError) -> any LogSession {
        let container = try containers.resolve(reference)
        guard let target = try logTarget(container) else {
            throw EngineError(.notBuilt, "configured logging driver does not support reading")
        }
        var query = LogQuery()
        query.since = request.since
        query.until = request.until
        query.tail = request.tail
        query.follow = request.follow
        query.streams = []
        if request.stdout { query.streams.insert(.stdout) }
        if request.stderr { query.streams.insert(.stderr) }
        var rendering = LogRendering(multiplexed: request.multiplexed, timestamps: request.timestamps)
        if request.details {
            do { rendering.details = try LogAttributes.shown(of: container) } catch {
                throw EngineError(.badRequest, "failed to initialize logging driver: \(error.message)")
            }
        }
        return StoredLogSession(
            engine: self, container: container.id, run: container.run?.number, target: target, query: query,
            rendering: rendering, readers: readers(for: target))
    }
}

/// A log read from its files or from the journal, block by block, elsewhere.
private final class StoredLogSession: LogSession {
    /// How much is rendered at once, in bytes.
    private static let blockSize = 256 * 1024

    private let engine: Engine
    private let container: ContainerID
    /// The run that is followed; as with Docker, following ends with it.
    private let run: UInt64?
    private let target: LogTarget
    private let query: LogQuery
    private let rendering: LogRendering
    /// Where it is read: a reader of the journal lives and dies on one thread.
    private let readers: any WorkPool
    private let cursor = Mutex<LogCursor?>(nil)
    private let state: NIOLoopBoundBox<State>

    /// A reader that has read, what it has, and how far it is.
    private typealias Block = (cursor: LogCursor, bytes: [UInt8], progress: LogProgress)

    private struct State {
        var ended = false
        /// The next block, read while the one before is sent.
        var ahead: EventLoopFuture<Block>?
        /// How often the journal was asked in vain for what was sent to it.
        var vain = 0
        /// What must be there: of what is sent while one reads, who does not follow sees what has come.
        var sent: JournalProgress.Place?
    }

    /// How long the journal is waited for, 10 ms each: when journald has taken all that was sent, and at most.
    private static let patience = 300
    private static let longestPatience = 3_000

    init(
        engine: Engine, container: ContainerID, run: UInt64?, target: LogTarget, query: LogQuery,
        rendering: LogRendering, readers: any WorkPool
    ) {
        self.engine = engine
        self.container = container
        self.run = run
        self.target = target
        self.query = query
        self.rendering = rendering
        self.readers = readers
        self.state = NIOLoopBoundBox(State(), eventLoop: engine.loop)
    }

    deinit {
        guard let last = cursor.withLock({ $0.take() }) else { return }
        _ = readers.run(on: engine.loop) { withExtendedLifetime(last) {} }
    }

    func next() async throws(EngineError) -> ByteBuffer? {
        do { return try await engine.nextBlock(of: self) } catch let error as EngineError { throw error } catch {
            throw EngineError(.failed, "cannot read the log: \(describe(error))")
        }
    }

    fileprivate func read(in engine: isolated Engine) async throws -> ByteBuffer? {
        while !state.value.ended {
            // Asked for before reading: what is written meanwhile completes it.
            let change = query.follow ? engine.logChange(container, of: run) : nil
            let (bytes, progress) = try await readBlock(in: engine)
            if progress == .ended { state.value.ended = true }
            if !bytes.isEmpty {
                state.value.vain = 0
                return ByteBuffer(bytes: bytes)
            }
            switch progress {
            case .more, .ended: continue
            case .lagging:
                state.value.vain += 1
                try await engine.loop.scheduleTask(in: .milliseconds(10)) {}.futureResult.get()
            case .caughtUp:
                guard let change else {
                    state.value.ended = true
                    return nil
                }
                try await change.get()
                state.value.vain = 0
            }
        }
        return nil
    }

    private func readBlock(in engine: isolated Engine) async throws -> ([UInt8], LogProgress) {
        let block = try await (state.value.ahead ?? startReading(in: engine)).get()
        cursor.withLock { $0 = block.cursor }
        // Who follows has to ask for what comes before each reading, and a reader of the journal must not be let go of here.
        let mayReadAhead = block.progress == .more && !query.follow && !target.isJournal
        state.value.ahead = mayReadAhead ? startReading(in: engine) : nil
        return (block.bytes, block.progress)
    }

    private func startReading(in engine: isolated Engine) -> EventLoopFuture<Block> {
        let cursor = self.cursor.withLock { $0 }
        let (target, query, rendering) = (target, query, rendering)
        if query.follow || state.value.sent == nil { state.value.sent = target.sent }
        // journald may have dropped an entry that it took, but not one that it has yet to take.
        let patience = target.isOnTheWay ? Self.longestPatience : Self.patience
        let sent = state.value.vain < patience ? state.value.sent : nil
        return readers.run(on: engine.loop) {
            let cursor = try cursor ?? LogCursor(target, query, rendering)
            let (bytes, progress) = try cursor.next(limit: Self.blockSize, sent: sent)
            return Block(cursor, bytes, progress)
        }
    }
}

extension Engine {
    /// Files are read by any worker; libsystemd wants one thread for all that is done with a journal (sd-journal(3)).
    private func readers(for target: LogTarget) -> any WorkPool {
        guard case .journal = target.place else { return workers }
        if let journalReaders { return journalReaders }
        let pool = NIOThreadPool(numberOfThreads: 1)
        pool.start()
        journalReaders = pool
        return pool
    }

    fileprivate func nextBlock(of session: StoredLogSession) async throws -> ByteBuffer? {
        try await session.read(in: self)
    }
}
