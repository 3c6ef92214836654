internal import Lifecycle
internal import Linux
internal import Model
internal import NIOCore

/// One container as the engine holds it. Confined to the engine.
final class Container {
    let id: ContainerID
    var name: ContainerName
    let created: WallTime
    var spec: ContainerSpec
    var lifecycle: ContainerLifecycle
    /// The process, from the request to the keeper until its output was drained.
    var run: Run?
    /// What stays between runs; made at the first start.
    var prepared: Preparation?
    /// Who waits, and for what.
    var waiters: [(condition: WaitCondition, promise: EventLoopPromise<WaitOutcome>)] = []
    /// Clients that want its output, whether it runs yet or not.
    var clients: [AttachedClient] = []
    /// Exec instances by ID.
    var execs: [String: Exec] = [:]
    /// Followers of its log, woken when it grows.
    var followers: [EventLoopPromise<Void>] = []
    var logOpen = false
    /// Timers by what they are for.
    var timers: [LifecycleTimer: Scheduled<Void>] = [:]
    /// Completed when a start that was asked for has succeeded or failed.
    var startPromises: [EventLoopPromise<Void>] = []
    /// Completed when a stop that was asked for is over.
    var stopPromises: [EventLoopPromise<Void>] = []
    var removePromises: [EventLoopPromise<Void>] = []
    /// Kernel OOM kills seen before the present run, to tell its own apart.
    var outOfMemoryKills: UInt64 = 0
    /// Whether a change of state waits to be written.
    var dirty = false

    init(id: ContainerID, name: ContainerName, created: WallTime, spec: ContainerSpec, lifecycle: ContainerLifecycle) {
        self.id = id
        self.name = name
        self.created = created
        self.spec = spec
        self.lifecycle = lifecycle
    }
}

/// One run of a container, or of an exec.
struct Run {
    /// The keeper's slot and the pump's feed: one number for both.
    let number: UInt64
    /// Zero until the keeper says it runs.
    var pid: Int = 0
    var pidfd: SharedDescriptor?
    var streams: StandardStreams?
    var startedAt: MonotonicInstant?
    /// What the keeper told of the end, until the output is drained.
    var ended: (status: ExitStatus, at: MonotonicInstant, wall: WallTime)?
    /// Whether every byte of output was read.
    var drained = false
}
