package import Health
package import Lifecycle
package import Model
package import NIOCore
package import Records
package import Runs

/// One container as the engine holds it, in groups that each guard their own state. Confined to the engine.
package final class Container {
    package let id: ContainerID
    package var name: ContainerName
    package let created: WallTime
    package var spec: ContainerSpec {
        get { sharedSpec.value }
        set { sharedSpec = Shared(newValue) }
    }
    package private(set) var sharedSpec: Shared<ContainerSpec>
    package var lifecycle: ContainerLifecycle
    package var lastReason: Reason?
    package var timers: [TimerKind: Scheduled<Void>] = [:]

    /// The process, from the request to the keeper until its output was drained and its end recorded.
    package var run: Run?
    /// The process of the last recorded run, until it is taken over.
    package var lastProcess: RecordedProcess?
    /// Exec instances by ID.
    package var execs: [String: Exec] = [:]
    /// IDs of the ended ones, in the order of their ends.
    package var endedExecs: [String] = []

    /// Mounts, namespaces and control group between runs.
    package var ground = Ground()
    /// Effects that wait for their turn, and history that waits for the disk.
    package var outbox = Outbox()
    /// Unanswered requests.
    package var requests = Requests()
    /// Clients whose commands are under way.
    package var askers = Askers()
    /// Bond to its init system.
    package var bond = Bond()
    /// Clients and followers of its output.
    package var output = ContainerOutput()
    /// Memory counters over its runs.
    package var memory = MemoryCount()
    /// The watch over its health.
    package var health: HealthWatch

    package init(
        id: ContainerID, name: ContainerName, created: WallTime, spec: ContainerSpec, lifecycle: ContainerLifecycle
    ) {
        self.id = id
        self.name = name
        self.created = created
        self.sharedSpec = Shared(spec)
        self.lifecycle = lifecycle
        self.lastReason = lifecycle.record.reason
        self.health = HealthWatch(spec.healthPlan)
    }
}

extension Container {
    /// Whether it has a process, or a start that will make one.
    package var mayHaveProcess: Bool { run != nil || lifecycle.state.mayHaveProcess }
}

extension ContainerSpec {
    /// Plan of its health checks; `nil` when it has none.
    package var healthPlan: HealthPlan? { healthcheck.flatMap { HealthPlan($0, shell: process.shell) } }

    /// Settings for the life cycle.
    package var lifecycleSettings: LifecycleSettings {
        LifecycleSettings(policy: restart, stopSignal: stopSignal, autoRemove: autoRemove)
    }
}
