internal import Containers
internal import Lifecycle
internal import Model
internal import NIOCore
internal import Supervision

/// Numbers of the objects that the engine holds, for comparison with what it should hold.
package struct EngineCensus: Hashable, Sendable {
    /// Number of containers.
    package var containers = 0
    /// Number of runs, of containers and of execs, that are not over.
    package var runs = 0
    /// Number of effects that wait for their turn.
    package var pendingEffects = 0
    /// Number of armed timers.
    package var timers = 0
    /// Number of unanswered requests.
    package var requests = 0
    /// Number of containers whose last change is not on the disk, or whose removal after a failed creation is not.
    package var unsaved = 0

    /// A census of nothing.
    package init() {}
}

extension Engine {
    /// Counts the held objects.
    package func census() -> EngineCensus {
        var census = EngineCensus()
        census.containers = containers.count
        census.runs = runs.count
        census.unsaved = ledger.openCount
        for container in containers.all {
            census.pendingEffects += container.outbox.pending.count + (container.outbox.isCarrying ? 1 : 0)
            census.timers += container.timers.count + (container.health.isArmed ? 1 : 0)
            census.requests += container.outbox.settledCount + container.requests.count
        }
        return census
    }

    /// Drops everything without a message to the keeper, the disk or the containers, as the end of the process would. It is for a
    /// process that lives on after its engine, as the simulator's does.
    package func abandon() {
        let gone = EngineError(.unavailable, "the engine is gone")
        for container in containers.all {
            for timer in container.timers.values { timer.cancel() }
            container.health.arm(nil)
            let (callers, effects) = container.outbox.abandon()
            for effect in effects {
                for promise in effect.audience.promises { promise.fail(gone) }
                for waiter in effect.audience.waiters { waiter.fail(gone) }
            }
            for caller in callers { caller.fail(gone) }
            container.requests.abandon(with: gone)
            for client in container.output.takeClients() { client.finish() }
            container.run = nil
            container.ground = Ground()
        }
        containers = ContainerRegistry()
        runs.abandon(with: gone)
    }
}
