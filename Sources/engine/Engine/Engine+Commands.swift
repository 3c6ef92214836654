internal import Lifecycle
public import Model
public import NIOCore
public import Runs
public import Supervision

// What a user asks of a container's life. Each answers when what it did is durable.
extension Engine {
    /// Starts it; `.notModified` when it runs already. `unit` is given by a unit of an init system that runs it.
    public func start(
        _ reference: String, in unit: UnitStart? = nil, by client: Client? = nil
    ) async throws(EngineError) {
        let container = try containers.resolve(reference)
        guard !shuttingDown else { throw EngineError(.unavailable, "the supervisor is shutting down") }
        try await answered(.start, of: container) { () throws(EngineError) in
            try place(container, unit?.place)
            admitStart(container)
            let event = unit.map { LifecycleEvent.startRequestedByInit(kind(of: $0, container)) } ?? .startRequested
            try request(container, event, as: reference, .init(.start, by: client))
            container.bond.started()
        }
    }

    /// Stops it and waits; `.notModified` when it does not run. `timeout` in seconds, negative waits for ever.
    public func stop(
        _ reference: String, signal: Signal?, timeout: Int?, by client: Client? = nil
    ) async throws(EngineError) {
        let container = try containers.resolve(reference)
        let sequence = stopSequence(container, signal, timeout)
        let command = UserCommand(.stop, "with \(sequence.firstSignal)", by: client)
        try await untilEnded(container, .stopRequested(sequence, by: client), reference, command)
    }

    /// Stops it when it runs, and starts it.
    public func restart(
        _ reference: String, signal: Signal?, timeout: Int?, by client: Client? = nil
    ) async throws(EngineError) {
        let container = try containers.resolve(reference)
        guard !shuttingDown else { throw EngineError(.unavailable, "the supervisor is shutting down") }
        try await answered(.start, of: container) { () throws(EngineError) in
            try request(
                container, .restartRequested(stopSequence(container, signal, timeout)), as: reference,
                .init(.restart, by: client))
        }
    }

    /// Sends a signal. KILL waits for the end as Docker's does; every other returns when it was sent.
    public func kill(_ reference: String, signal: Signal, by client: Client? = nil) async throws(EngineError) {
        let container = try containers.resolve(reference)
        let command = UserCommand(.kill, "with \(signal)", by: client)
        if signal == .kill {
            try await untilEnded(container, .killRequested(signal, by: client), reference, command)
        } else {
            try request(container, .killRequested(signal, by: client), as: reference, command)
            try await recorded(container)
        }
    }

    /// Freezes every process of it.
    public func pause(_ reference: String, by client: Client? = nil) async throws(EngineError) {
        let container = try containers.resolve(reference)
        try await answered(.pause, of: container) { () throws(EngineError) in
            try request(container, .pauseRequested, as: reference, .init(.pause, by: client))
        }
    }

    /// Thaws it.
    public func unpause(_ reference: String, by client: Client? = nil) async throws(EngineError) {
        let container = try containers.resolve(reference)
        try request(container, .unpauseRequested, as: reference, .init(.unpause, by: client))
        try await recorded(container)
    }

    /// Removes it; `force` kills it first.
    public func remove(
        _ reference: String, force: Bool, volumes: Bool, by client: Client? = nil
    ) async throws(EngineError) {
        let container = try containers.resolve(reference)
        try await answered(.remove, of: container) { () throws(EngineError) in
            try request(
                container, .removeRequested(force: force, by: client), as: reference,
                .init(.remove, force ? "-f" : "", by: client))
        }
    }

    /// Registers a waiter; the future is completed at the condition. Registered when this returns.
    public func registerWait(
        _ reference: String, _ condition: WaitCondition
    ) throws(EngineError) -> EventLoopFuture<WaitOutcome> {
        let container = try containers.resolve(reference)
        if condition == .notRunning, !container.lifecycle.snapshot.running, !container.lifecycle.state.mayHaveProcess {
            return loop.makeSucceededFuture(WaitOutcome(statusCode: Int(container.lifecycle.lastExitCode)))
        }
        let promise = loop.makePromise(of: WaitOutcome.self)
        container.requests.wait(for: condition, promise)
        return promise.futureResult
    }

    /// The request's signal and time, else the container's, else the supervisor's.
    func stopSequence(_ container: Container, _ signal: Signal?, _ timeout: Int?) -> StopSequence {
        StopSequence(
            signal: signal ?? container.spec.stopSignal ?? .terminate,
            timeout: timeout ?? container.spec.stopTimeout ?? configuration.stopTimeout)
    }

    /// Makes a request and waits until the container has no process any more.
    private func untilEnded(
        _ container: Container, _ event: LifecycleEvent, _ reference: String, _ command: UserCommand
    ) async throws(EngineError) {
        try await answered(.stop, of: container) { () throws(EngineError) in
            try request(container, event, as: reference, command)
        }
        try await recorded(container)
    }

    /// Makes a request whose answer comes with a notice of the life cycle, which completes all requests of its kind.
    private func answered(
        _ kind: Requests.Kind, of container: Container,
        _ ask: () throws(EngineError) -> Void
    ) async throws(EngineError) {
        let promise = loop.makePromise(of: Void.self)
        container.requests.add(promise, kind)
        do throws(EngineError) {
            try ask()
        } catch {
            container.requests.withdraw(promise, kind)
            promise.fail(error)
            throw error
        }
        do {
            try await promise.futureResult.get()
        } catch let error as EngineError {
            throw error
        } catch {
            throw EngineError(.failed, "\(error)")
        }
    }
}
