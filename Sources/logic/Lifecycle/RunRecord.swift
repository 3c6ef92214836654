public import Model
public import Restart

/// All of a container's life that must outlive the supervisor: the mutable half of its record on disk.
public struct RunRecord: Hashable, Sendable {
    /// Where it is in its life.
    public internal(set) var state: ContainerState
    /// What the restart decisions remember.
    public internal(set) var history: RestartHistory
    /// How its last run ended; `nil` before the first end.
    public internal(set) var lastExit: ExitStatus?
    /// Why the last start failed; `nil` once a start has succeeded.
    public internal(set) var startFailure: StartFailure?
    /// Whether the kernel has killed a process of it for lack of memory; the next start by a command clears it.
    public internal(set) var outOfMemory: Bool
    /// Whether the `oom` event of the present run has been sent.
    package internal(set) var outOfMemoryTold: Bool
    /// When the present or last run began; `nil` before the first.
    public internal(set) var startedAt: WallTime?
    /// When the last run ended; `nil` before the first end.
    public internal(set) var finishedAt: WallTime?
    /// The last decision about it.
    public internal(set) var reason: Reason?
    /// Why it could not be removed; `nil` unless it is dead.
    public internal(set) var removalFailure: String?
    /// The unit of an init system that makes its restarts; `nil` when the engine does, as in records from before there
    /// was a choice.
    public internal(set) var owner: InitUnit?

    /// The record of a container that was just created.
    public init() {
        state = .created
        history = RestartHistory()
        outOfMemory = false
        outOfMemoryTold = false
    }

    /// A record as it was stored.
    package init(
        state: ContainerState, history: RestartHistory, lastExit: ExitStatus?, startFailure: StartFailure?,
        outOfMemory: Bool, outOfMemoryTold: Bool, startedAt: WallTime?, finishedAt: WallTime?, reason: Reason?,
        removalFailure: String?, owner: InitUnit?
    ) {
        self.state = state
        self.history = history
        self.lastExit = lastExit
        self.startFailure = startFailure
        self.outOfMemory = outOfMemory
        self.outOfMemoryTold = outOfMemoryTold
        self.startedAt = startedAt
        self.finishedAt = finishedAt
        self.reason = reason
        self.removalFailure = removalFailure
        self.owner = owner
    }

    /// The state to fall back to when a start fails.
    var restState: ContainerState { startedAt == nil ? .created : .exited }

    /// The code `wait` answers for a container without a process.
    var lastCode: Int32 { startFailure?.exitCode ?? lastExit?.code ?? 0 }
}

/// What the life cycle needs to know of a container's specification.
public struct LifecycleSettings: Hashable, Sendable {
    /// When it is started again.
    public var policy: RestartPolicy
    /// How long restarts wait.
    public var backoff: BackoffPolicy
    /// Its own stop signal, if it has one; `nil` is TERM.
    public var stopSignal: Signal?
    /// Whether it is removed when it ends (`--rm`).
    public var autoRemove: Bool

    /// Settings with Docker's defaults.
    public init(
        policy: RestartPolicy = .no, backoff: BackoffPolicy = .docker, stopSignal: Signal? = nil,
        autoRemove: Bool = false
    ) {
        self.policy = policy
        self.backoff = backoff
        self.stopSignal = stopSignal
        self.autoRemove = autoRemove
    }
}
