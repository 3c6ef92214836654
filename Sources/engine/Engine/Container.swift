internal import Health
internal import Lifecycle
internal import Model
internal import NIOCore
internal import Records
internal import Runs

/// One container as the engine holds it, in groups whose walls each group keeps. Confined to the engine.
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
    /// The process of the last run that was recorded, until it is taken over.
    var lastProcess: RecordedProcess?
    /// Exec instances by ID.
    var execs: [String: Exec] = [:]
    /// Those of them that have ended, in that order.
    var endedExecs: [String] = []

    /// What stands between runs.
    var ground = Ground()
    /// What waits for its turn and for the disk.
    var outbox = Outbox()
    /// Requests that are not answered yet.
    var requests = Requests()
    /// Its init system.
    var bond = Bond()
    /// Who follows its output.
    var output = ContainerOutput()
    /// What is counted of its memory.
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
    /// Whether it has a process, or a start is under way that will make one.
    var mayHaveProcess: Bool { run != nil || lifecycle.state.mayHaveProcess }
}

extension ContainerSpec {
    /// How its health is checked; `nil` when it is not.
    var healthPlan: HealthPlan? { healthcheck.flatMap { HealthPlan($0, shell: process.shell) } }
}
