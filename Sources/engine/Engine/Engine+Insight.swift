internal import Isolation
internal import Lifecycle
public import Model
public import Supervision

/// A decision about a container or a user's command, with its time.
public struct RecordedDecision: Sendable, Hashable {
    /// Time by the wall clock.
    public var time: WallTime
    /// Reason of the decision; `nil` for a command that decided nothing by itself.
    public var reason: Reason?
    /// The command with its client; `nil` for a decision without one.
    public var command: UserCommand?
}

extension RecordedDecision: CustomStringConvertible {
    /// The decision in one line.
    public var description: String {
        switch (reason, command) {
        case (let reason?, let command?) where command.client == nil: "\(reason)"
        case (let reason?, let command?): "\(command): \(reason)"
        case (let reason?, nil): "\(reason)"
        case (nil, let command?): "\(command)"
        case (nil, nil): "something that this version does not know"
        }
    }
}

// Insight into the engine for its own command line; Docker's API has none of it.
extension Engine {
    /// Remembered decisions about a container, oldest first.
    public func decisions(_ reference: String) async throws(EngineError) -> [RecordedDecision] {
        let container = try containers.resolve(reference)
        let id = container.id
        let store = self.store
        do {
            let history = try await run(on: storeThread) { try store.readHistory(id) }
            let waiting = container.outbox.history
            return (history.entries + waiting).map {
                RecordedDecision(time: $0.time, reason: $0.reason, command: $0.command)
            }
        } catch {
            throw EngineError(.failed, "cannot read the history: \(describe(error))")
        }
    }

    /// The launch plan of a container, one line per operation. For a stopped container everything is prepared, and released
    /// again.
    public func plan(_ reference: String) async throws(EngineError) -> [String] {
        let container = try containers.resolve(reference)
        let runtime = try isolation.runtime(for: container.spec)
        while let released = container.ground.released { try? await released.get() }
        do {
            if let prepared = container.ground.prepared {
                return try await run(on: prepared.filter == nil ? compiler : workers) {
                    try runtime.plan(prepared).plan.lines
                }
            }
            let (described, layers) = (try launchContext(container), layerSource(container))
            let done = hold(container)
            defer { done.succeed(()) }
            let spec = container.spec
            let filter = try await run(on: compiler) { try runtime.filter(of: spec) }
            return try await work {
                var context = described
                context.rootfs = try layers()
                var prepared = try runtime.prepare(context)
                defer { try? runtime.release(prepared) }
                prepared.filter = filter
                return try runtime.plan(prepared).plan.lines
            }
        } catch let error as EngineError {
            throw error
        } catch {
            throw EngineError(.failed, "cannot plan the launch: \(describe(error))")
        }
    }
}
