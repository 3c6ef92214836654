internal import Containers
internal import Lifecycle
public import Model
public import NIOCore
public import Runs
public import Supervision

// Commands of users on the life of a container. Each is answered when its effect is durable.
extension Engine {
    /// Starts a container; `.notModified` when it runs already. `unit` comes from an init system's unit that runs it.
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

    /// Stops a container and waits for its end; `.notModified` when it does not run. `timeout` is in seconds, negative waits for
    /// ever.
    public func stop(
        _ reference: String, signal: Signal?, timeout: Int?, by client: Client? = nil
    ) async throws(EngineError) {
        let container = try containers.resolve(reference)
        let sequence = stopSequence(container, signal, timeout)
        let command = UserCommand(.stop, "with \(sequence.firstSignal)", by: client)
        try await untilEnded(container, .stopRequested(sequence, by: client), reference, command)
    }

    /// Stops a container if it runs, and starts it.
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

    /// Sends a signal. KILL waits for the end, as Docker's does; any other returns once it was sent.
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

    /// Freezes every process of a container.
    public func pause(_ reference: String, by client: Client? = nil) async throws(EngineError) {
        let container = try containers.resolve(reference)
        try await answered(.pause, of: container) { () throws(EngineError) in
            try request(container, .pauseRequested, as: reference, .init(.pause, by: client))
        }
    }

    /// Thaws a paused container.
    public func unpause(_ reference: String, by client: Client? = nil) async throws(EngineError) {
        let container = try containers.resolve(reference)
        try request(container, .unpauseRequested, as: reference, .init(.unpause, by: client))
        try await recorded(container)
    }

    /// Removes a container; `force` kills it first.
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

    /// Registers a waiter before it returns. The future completes at the condition.
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

    /// Stop sequence from the request's signal and time, else the container's, else the supervisor's.
    func stopSequence(_ container: Container, _ signal: Signal?, _ timeout: Int?) -> StopSequence {
        StopSequence(
            signal: signal ?? container.spec.stopSignal ?? .terminate,
            timeout: timeout ?? container.spec.stopTimeout ?? configuration.stopTimeout)
    }

    /// Makes a request and waits until the container has no process.
    private func untilEnded(
        _ container: Container, _ event: LifecycleEvent, _ reference: String, _ command: UserCommand
    ) async throws(EngineError) {
        try await answered(.stop, of: container) { () throws(EngineError) in
            try request(container, event, as: reference, command)
        }
        try await recorded(container)
    }

    /// Makes a request that a notice of the life cycle answers; the notice completes all requests of its kind.
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
            throw EngineError(.failed, error.sentence)
        }
    }
}
