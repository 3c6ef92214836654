internal import Lifecycle
internal import Logs
internal import Model
internal import NIOCore

extension Engine {
    /// Opens a container's log for the pump, once for all its runs.
    func openLog(_ container: Container) throws {
        guard !container.logOpen, let target = try logTarget(container) else { return }
        pump?.send(.openLog(container.id, target))
        container.logOpen = true
    }

    private func logTarget(_ container: Container) throws(EngineError) -> LogTarget? {
        let configuration: LogConfiguration
        do {
            configuration = try LogConfiguration(container.spec.logging)
        } catch {
            throw EngineError(.badRequest, "failed to initialize logging driver: \(error.message)")
        }
        guard configuration.driver != .none else { return nil }
        let path = store.logDirectory(of: container.id) + "/" + configuration.driver.fileName(for: container.id)
        return LogTarget(configuration: configuration, path: path)
    }

    func closeLog(_ container: Container) {
        guard container.logOpen else { return }
        container.logOpen = false
        pump?.send(.closeLog(container.id))
        wakeFollowers(container.id)
    }

    func wakeFollowers(_ id: ContainerID) {
        guard let container = containers[id] else { return }
        let followers = container.followers
        container.followers = []
        for follower in followers { follower.succeed(()) }
    }

    /// Completed when the log has grown or the run is over; `nil` when the run is over already, whatever runs now.
    func logChange(_ id: ContainerID, of run: UInt64?) -> EventLoopFuture<Void>? {
        guard let container = containers[id], let run, container.run?.number == run else { return nil }
        let promise = loop.makePromise(of: Void.self)
        container.followers.append(promise)
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
        let rendering = LogRendering(
            multiplexed: request.multiplexed, timestamps: request.timestamps, details: request.details)
        return FileLogSession(
            engine: self, container: container.id, run: container.run?.number, target: target, query: query,
            rendering: rendering)
    }
}

/// A log read from its files, block by block, on a worker.
private final class FileLogSession: LogSession {
    /// How much is rendered at once, in bytes.
    private static let blockSize = 256 * 1024

    private let engine: Engine
    private let container: ContainerID
    /// The run that is followed; as with Docker, following ends with it.
    private let run: UInt64?
    private let target: LogTarget
    private let query: LogQuery
    private let rendering: LogRendering
    private let state: NIOLoopBoundBox<State>

    /// Passed from one block's worker to the next; never used by two at once.
    private struct State {
        var reader: LogCursor?
        var ended = false
    }

    init(
        engine: Engine, container: ContainerID, run: UInt64?, target: LogTarget, query: LogQuery,
        rendering: LogRendering
    ) {
        self.engine = engine
        self.container = container
        self.run = run
        self.target = target
        self.query = query
        self.rendering = rendering
        self.state = NIOLoopBoundBox(State(), eventLoop: engine.loop)
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
            if !bytes.isEmpty { return ByteBuffer(bytes: bytes) }
            if progress == .caughtUp {
                guard let change else {
                    state.value.ended = true
                    return nil
                }
                try await change.get()
            }
        }
        return nil
    }

    private func readBlock(in engine: isolated Engine) async throws -> ([UInt8], LogProgress) {
        let cursor = state.value.reader
        let (target, query, rendering) = (target, query, rendering)
        let result = try await engine.work { () -> (LogCursor, [UInt8], LogProgress) in
            let cursor = try cursor ?? LogCursor(target, query, rendering)
            let (bytes, progress) = cursor.next(limit: Self.blockSize)
            return (cursor, bytes, progress)
        }
        state.value.reader = result.0
        return (result.1, result.2)
    }
}

extension Engine {
    fileprivate func nextBlock(of session: FileLogSession) async throws -> ByteBuffer? {
        try await session.read(in: self)
    }
}
