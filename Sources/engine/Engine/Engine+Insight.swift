internal import Containers
internal import Isolation
internal import Lifecycle
internal import Model
internal import Records
public import Supervision

// Insight into the engine for its own command line; Docker's API has none of it.
extension Engine {
    /// Remembered decisions about a container, oldest first.
    public func decisions(_ reference: String) async throws(EngineError) -> [RecordedDecision] {
        let container = try containers.resolve(reference)
        let id = container.id
        let records = self.records
        do {
            let history = try await run(on: storeThread) { try records.history(of: id) }
            let waiting = container.outbox.history
            return (history + waiting).map {
                RecordedDecision(time: $0.time, reason: $0.reason, command: $0.command)
            }
        } catch {
            throw EngineError(.failed, "cannot read the history: \(error.sentence)")
        }
    }

    /// The launch plan of a container, one line per operation. For a stopped container everything is prepared, and released
    /// again.
    public func plan(_ reference: String) async throws(EngineError) -> [String] {
        let container = try containers.resolve(reference)
        let runtime = try runtime(for: container.spec)
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
            throw EngineError(.failed, "cannot plan the launch: \(error.sentence)")
        }
    }
}
