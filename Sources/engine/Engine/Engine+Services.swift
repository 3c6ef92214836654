internal import Containers
package import Lifecycle
package import Linux
package import Model
package import NIOCore
package import Supervision

// The part of containers that the services beside the engine work on.
extension Engine {
    /// Emits an event to all listeners.
    func emit(_ event: EventMessage) { events.append(event) }

    /// Emits an event about a container.
    package func emit(_ action: String, about reference: String) throws(EngineError) {
        emitContainer(action, try containers.resolve(reference))
    }

    /// Whether a container's root file system is mounted.
    package func hasGround(_ reference: String) throws(EngineError) -> Bool {
        try containers.resolve(reference).ground.prepared != nil
    }

    /// Who a container's process is; `nil` when its root file system is not mounted.
    package func identity(of reference: String) throws(EngineError) -> UserIdentity? {
        try containers.resolve(reference).ground.prepared?.identity
    }

    /// Whether a number is still that of a container's first process, which has not ended.
    package func isFirstProcess(_ number: Int, of id: ContainerID) -> Bool {
        guard let container = containers[id] else { return false }
        return firstProcess(of: container) == number && container.run?.pidfd.map(ProcessMounts.hasEnded) != true
    }

    /// Waits until the resources of an earlier run are released, and holds the next start and removal of the container until the
    /// caller completes the promise.
    package func holdReleased(_ reference: String) async throws(EngineError) -> EventLoopPromise<Void> {
        let container = try containers.resolve(reference)
        while let released = container.ground.released { try? await released.get() }
        return hold(container)
    }

    /// The control group of a container; throws when the life cycle refuses this access to it.
    package func controlGroup(
        of reference: String, for access: ContainerLifecycle.Access
    ) throws(EngineError) -> Cgroup {
        let container = try containers.resolve(reference)
        try checkAccess(container, access, reference)
        guard let cgroup = container.ground.prepared?.cgroup else {
            throw EngineError(.failed, "container \(container.id.text) has no control group")
        }
        return cgroup
    }

    /// The control group of a container's run; `nil` without a run.
    package func controlGroupOfRun(_ reference: String) throws(EngineError) -> Cgroup? {
        let container = try containers.resolve(reference)
        return container.run == nil ? nil : container.ground.prepared?.cgroup
    }
}
