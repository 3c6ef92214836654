internal import Lifecycle
internal import Model
internal import NIOCore

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
        census.unsaved = unsaved.count + unsavedSpecs.count + unwanted.count
        for container in containers.all {
            census.pendingEffects += container.pending.count + (container.carrying ? 1 : 0)
            census.timers += container.timers.count + (container.healthTimer == nil ? 0 : 1)
            census.requests += container.settled.count + container.waiters.count + container.startPromises.count
            census.requests += container.stopPromises.count + container.pausePromises.count
            census.requests += container.removePromises.count
        }
        return census
    }

    /// Lets go of everything without a word to the keeper, the disk or the containers, as the end of the process would: for
    /// a process that lives on after its engine, as the simulator's does.
    package func abandon() {
        let gone = EngineError(.unavailable, "the engine is gone")
        for container in containers.all {
            for timer in container.timers.values { timer.cancel() }
            container.healthTimer?.cancel()
            for pending in container.pending {
                for promise in pending.audience.promises { promise.fail(gone) }
                for waiter in pending.audience.waiters { waiter.fail(gone) }
            }
            container.pending = []
            container.carrying = true
            let promises = container.settled + container.startPromises + container.stopPromises
            for promise in promises + container.pausePromises + container.removePromises { promise.fail(gone) }
            for waiter in container.waiters { waiter.promise.fail(gone) }
            for client in container.clients { client.finish() }
            container.settled = []
            container.startPromises = []
            container.stopPromises = []
            container.pausePromises = []
            container.removePromises = []
            container.waiters = []
            container.clients = []
            container.run = nil
            container.prepared = nil
            container.released = nil
        }
        containers = ContainerRegistry()
        runs = [:]
        handover?.done.fail(gone)
        handover = nil
        pump = nil
    }
}
