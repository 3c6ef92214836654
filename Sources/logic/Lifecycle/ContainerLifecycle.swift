public import Model

/// The life of one container as a pure state machine: an event and the moment it happened give a new record and the
/// effects to carry out. It does no work, reads no clock and knows no process; it is total over states and events.
///
/// Four rules hold in every state:
/// - An event that comes too late (a timer that was already cancelled, a second exit) changes nothing.
/// - A request is refused by a lone ``Effect/reject(_:)``, or accepted.
/// - Whenever anything changed that must outlive the supervisor, `persist` stands before every other effect, so that the
///   outside never sees what could still be lost.
/// - A user's stop is lifted by nothing but a start that a user asked for, or that a supervisor or an init system which
///   came up decided under `always`. (To enable a unit under `no` is to ask.)
public struct ContainerLifecycle: Hashable, Sendable {
    /// What it needs to know of the specification.
    public internal(set) var settings: LifecycleSettings
    /// What must outlive the supervisor.
    public internal(set) var record: RunRecord

    /// A life cycle that begins, or goes on from a record read back.
    public init(settings: LifecycleSettings, record: RunRecord = RunRecord()) {
        self.settings = settings
        self.record = record
    }

    /// Takes an event. The effects are to be carried out in order; events that they cause come back through here.
    public mutating func handle(_ event: LifecycleEvent, at now: Moment) -> [Effect] {
        let before = self
        let effects = take(event, at: now)
        return self == before ? effects : [.persist] + effects
    }

    private mutating func take(_ event: LifecycleEvent, at now: Moment) -> [Effect] {
        switch event {
        case .startRequested: startRequested()
        case .spawned: spawned(at: now)
        case .spawnFailed(let failure): spawnFailed(failure, at: now)
        case .exited(let status, let outOfMemory, let memory):
            exited(status, outOfMemory: outOfMemory, memory, at: now)
        case .outOfMemory: ranOutOfMemory()
        case .stopRequested(let sequence, let client): stopRequested(sequence, by: client, at: now)
        case .stopTimerFired: stopTimerFired(at: now)
        case .killRequested(let signal, let client): killRequested(signal, by: client, at: now)
        case .pauseRequested: pauseRequested()
        case .frozen: frozen()
        case .unpauseRequested: unpauseRequested()
        case .restartRequested(let sequence): restartRequested(sequence, at: now)
        case .backoffElapsed: backoffElapsed()
        case .removeRequested(let force, let client): removeRequested(force: force, by: client, at: now)
        case .removed: removed()
        case .removeFailed(let message): removeFailed(message)
        case .startRequestedByInit(let start): startRequested(byInit: start)
        case .handedOver(let unit): handedOver(to: unit)
        case .updateRequested(let policy, let backoff): updateRequested(policy: policy, backoff: backoff)
        case .supervisorStarted(let end, let alive): supervisorStarted(after: end, alive: alive, at: now)
        case .supervisorStopping(let sequence): end(because: .shutdown, sequence, at: now)
        case .watchdogExpired(let sequence): end(because: .watchdog, sequence, at: now)
        }
    }

    /// The present state.
    public var state: ContainerState { record.state }

    /// Remembers a decision and puts it into the history.
    mutating func note(_ reason: Reason) -> Effect {
        record.reason = reason
        return .record(reason)
    }
}
