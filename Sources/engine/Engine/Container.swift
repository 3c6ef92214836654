internal import Health
internal import Lifecycle
internal import Model
internal import NIOCore
internal import Records
internal import Runs

/// One container as the engine holds it, in groups that each guard their own state. Confined to the engine.
final class Container {
    let id: ContainerID
    var name: ContainerName
    let created: WallTime
    var spec: ContainerSpec {
        get { sharedSpec.value }
        set { sharedSpec = Shared(newValue) }
    }
    private(set) var sharedSpec: Shared<ContainerSpec>
    var lifecycle: ContainerLifecycle
    var lastReason: Reason?
    var timers: [TimerKind: Scheduled<Void>] = [:]

    /// The process, from the request to the keeper until its output was drained and its end recorded.
    var run: Run?
    /// The process of the last recorded run, until it is taken over.
    var lastProcess: RecordedProcess?
    /// Exec instances by ID.
    var execs: [String: Exec] = [:]
    /// IDs of the ended ones, in the order of their ends.
    var endedExecs: [String] = []

    /// Mounts, namespaces and control group between runs.
    var ground = Ground()
    /// Effects that wait for their turn, and history that waits for the disk.
    var outbox = Outbox()
    /// Unanswered requests.
    var requests = Requests()
    /// Bond to its init system.
    var bond = Bond()
    /// Clients and followers of its output.
    var output = ContainerOutput()
    /// Memory counters over its runs.
    var memory = MemoryCount()
    /// The watch over its health.
    var health: HealthWatch

    init(id: ContainerID, name: ContainerName, created: WallTime, spec: ContainerSpec, lifecycle: ContainerLifecycle) {
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
    var mayHaveProcess: Bool { run != nil || lifecycle.state.mayHaveProcess }
}

extension ContainerSpec {
    /// Plan of its health checks; `nil` when it has none.
    var healthPlan: HealthPlan? { healthcheck.flatMap { HealthPlan($0, shell: process.shell) } }
}
