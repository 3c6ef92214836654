internal import Lifecycle
internal import Model
internal import NIOCore
internal import Supervision

/// How much the engine holds, to be compared with what it should.
package struct EngineCensus: Hashable, Sendable {
    /// Containers.
    package var containers = 0
    /// Runs of containers and of execs that are not over.
    package var runs = 0
    /// Effects that wait for their turn.
    package var pendingEffects = 0
    /// Timers that are armed.
    package var timers = 0
    /// Requests that are not answered yet.
    package var requests = 0
    /// Containers whose last change, or whose removal after a failed creation, is not on the disk.
    package var unsaved = 0

    /// Nothing is held.
    package init() {}
}

extension Engine {
    /// Counts what is held.
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

    /// Lets go of everything without a word to the keeper, the disk or the containers, as the end of the process would: for
    /// a process that lives on after its engine, as the simulator's does.
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
