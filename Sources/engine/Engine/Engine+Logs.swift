internal import Containers
internal import Lifecycle
internal import Model
internal import NIOCore
public import Runs
public import Supervision

extension Engine {
    /// Opens a container's log for the pump, once for all its runs.
    func openLog(_ container: Container) throws {
        guard !container.output.isLogOpen, let target = try logTarget(container), container.output.openLog() else {
            return
        }
        runs.openLog(container.id, target)
    }

    private func logTarget(_ container: Container) throws(EngineError) -> LogTarget? {
        try LogTarget(of: container.logged, in: records.logDirectory(of: container.id), container.output)
    }

    func closeLog(_ container: Container) {
        guard container.output.closeLog() else { return }
        runs.closeLog(container.id)
        wakeFollowers(container.id)
    }

    func wakeFollowers(_ id: ContainerID) {
        for follower in containers[id]?.output.takeFollowers() ?? [] { follower.succeed(()) }
    }

    /// Future that completes when the log has grown or the run is over; `nil` when the run is over already, whichever runs now.
    func logChange(_ id: ContainerID, of run: RunID?) -> EventLoopFuture<Void>? {
        guard let container = containers[id], let run, container.run?.number == run else { return nil }
        let promise = loop.makePromise(of: Void.self)
        container.output.follow(promise)
        runs.watchLog(id)
        return promise.futureResult
    }

    /// Opens a container's log for reading. Throws `.notBuilt` when its log cannot be read back.
    public func logs(_ reference: String, _ request: LogRequest) async throws(EngineError) -> any LogSession {
        let container = try containers.resolve(reference)
        guard let target = try logTarget(container), target.isReadable else {
            throw EngineError(.notBuilt, "configured logging driver does not support reading")
        }
        let details = request.details ? try LogAttributes.shown(of: container.logged) : []
        let (id, run) = (container.id, container.run?.number)
        return StoredLogSession(target, request, details: details, readers: readers(for: target), loop: loop) {
            self.assumeIsolated { $0.logChange(id, of: run) }
        }
    }
}

extension Engine {
    private func readers(for target: LogTarget) -> any WorkPool { target.isJournal ? clients.journal : clients.logs }
}

extension Container {
    /// The part of the container that its log depends on.
    var logged: LoggedContainer { LoggedContainer(id: id, name: name, spec: spec) }
}
