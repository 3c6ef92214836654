public import Model
public import Restart

/// Something that happened to a container or was asked of it.
public enum LifecycleEvent: Hashable, Sendable {
    /// `start`.
    case startRequested
    /// The keeper reports that exec succeeded.
    case spawned
    /// The keeper or the preparation reports that there will be no process.
    case spawnFailed(StartFailure)
    /// The process ended; its moment is the one the keeper measured. `memory` is what the control group accounts, where it may
    /// tell why.
    case exited(ExitStatus, outOfMemory: Bool, memory: MemoryAccount? = nil)
    /// The kernel killed a process of the container for lack of memory, and the container lives on.
    case outOfMemory
    /// `stop`, by whom where that is known.
    case stopRequested(StopSequence, by: Client?)
    /// The timer of kind ``TimerKind/stop`` fired.
    case stopTimerFired
    /// `kill`, by whom where that is known.
    case killRequested(Signal, by: Client?)
    /// `pause`; answered by `frozen` from the interpreter, or by nothing when freezing failed.
    case pauseRequested
    /// The control group is frozen.
    case frozen
    /// `unpause`.
    case unpauseRequested
    /// `restart`.
    case restartRequested(StopSequence)
    /// The timer of kind ``TimerKind/backoff`` fired.
    case backoffElapsed
    /// `rm`, with `-f`.
    case removeRequested(force: Bool, by: Client?)
    /// The container's files are deleted.
    case removed
    /// The container's files could not all be deleted.
    case removeFailed(String)
    /// A start that an init system's unit asks for. Without an owner what is granted is a user's start.
    case startRequestedByInit(InitStart)
    /// From now on this unit makes the restarts; `nil`: the engine does.
    case handedOver(to: InitUnit?)
    /// `update`: what is not `nil` replaces the setting.
    case updateRequested(policy: RestartPolicy?, backoff: BackoffPolicy?)
    /// A supervisor came up. `alive`: the keeper holds a process of the container. An exit that the keeper kept
    /// follows as `exited`, so `alive` is true for it too.
    case supervisorStarted(after: SupervisorEnd, alive: Bool)
    /// An ordered shutdown begins; the process is brought to its end like this.
    case supervisorStopping(StopSequence)
    /// The watchdog of the unit that runs it has found it unhealthy; the process is brought to its end like this.
    case watchdogExpired(StopSequence)

    /// The event without its payload.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// See the cases of ``LifecycleEvent``.
        case startRequested, spawned, spawnFailed, exited, outOfMemory, stopRequested, stopTimerFired, killRequested,
            pauseRequested, frozen, unpauseRequested, restartRequested, backoffElapsed, removeRequested, removed,
            removeFailed, startRequestedByInit, handedOver, updateRequested, supervisorStarted, supervisorStopping,
            watchdogExpired
    }

    /// The event without its payload.
    public var kind: Kind {
        switch self {
        case .startRequested: .startRequested
        case .spawned: .spawned
        case .spawnFailed: .spawnFailed
        case .exited: .exited
        case .outOfMemory: .outOfMemory
        case .stopRequested: .stopRequested
        case .stopTimerFired: .stopTimerFired
        case .killRequested: .killRequested
        case .pauseRequested: .pauseRequested
        case .frozen: .frozen
        case .unpauseRequested: .unpauseRequested
        case .restartRequested: .restartRequested
        case .backoffElapsed: .backoffElapsed
        case .removeRequested: .removeRequested
        case .removed: .removed
        case .removeFailed: .removeFailed
        case .startRequestedByInit: .startRequestedByInit
        case .handedOver: .handedOver
        case .updateRequested: .updateRequested
        case .supervisorStarted: .supervisorStarted
        case .supervisorStopping: .supervisorStopping
        case .watchdogExpired: .watchdogExpired
        }
    }
}
