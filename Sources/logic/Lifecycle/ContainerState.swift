public import Model

/// Where a container is in its life.
///
///     created ──> starting ──> running <──> paused
///                    ^            │ exit
///                    │            v
///                backingOff <── decision ──> exited ──> removing ──> (gone)
///                                                          └──> dead (removal failed)
public enum ContainerState: Hashable, Sendable {
    /// Never ran.
    case created
    /// The keeper was asked for a process and has not answered.
    case starting(Launch)
    /// Its process runs.
    case running
    /// Its process is frozen.
    case paused
    /// Its process runs and is being brought to its end.
    case stopping(Stopping)
    /// It ended, and will be started again when the delay is over.
    case backingOff(Backoff)
    /// It ended, and nothing will start it but a command or a supervisor's start.
    case exited
    /// Its files are being deleted.
    case removing
    /// Its files could not all be deleted.
    case dead

    /// The state without its payload.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// See the cases of ``ContainerState``.
        case created, starting, running, paused, stopping, backingOff, exited, removing, dead
    }

    /// The state without its payload.
    public var kind: Kind {
        switch self {
        case .created: .created
        case .starting: .starting
        case .running: .running
        case .paused: .paused
        case .stopping: .stopping
        case .backingOff: .backingOff
        case .exited: .exited
        case .removing: .removing
        case .dead: .dead
        }
    }

    /// Whether nothing but a command, an init system or a supervisor's start makes a process.
    public var isAtRest: Bool {
        switch self {
        case .created, .exited, .removing, .dead: true
        case .starting, .running, .paused, .stopping, .backingOff: false
        }
    }

    /// Whether a process exists or may exist.
    public var mayHaveProcess: Bool {
        switch self {
        case .starting, .running, .paused, .stopping: true
        case .created, .backingOff, .exited, .removing, .dead: false
        }
    }
}

/// A start under way.
public struct Launch: Hashable, Sendable {
    /// Who asked for it.
    public var origin: LaunchOrigin
    /// The stop that arrived meanwhile; it begins when the process is there.
    public var stop: PendingStop?
    /// Signals that arrived meanwhile, each at most once, in order of arrival.
    public var signals: [Signal]

    /// A start that nothing has overtaken yet.
    public init(origin: LaunchOrigin, stop: PendingStop? = nil, signals: [Signal] = []) {
        self.origin = origin
        self.stop = stop
        self.signals = signals
    }
}

/// Who asked for a start; it decides what a failure of that start leads to.
public enum LaunchOrigin: String, Hashable, Sendable, CaseIterable {
    /// `start`: a failure is told to the user, and nothing is retried.
    case user
    /// The second half of `restart`: a failure is told to the user, and nothing is retried.
    case restartCommand
    /// The restart policy: a failure is retried by it.
    case policy
    /// A supervisor that came up: a failure is retried by the policy.
    case supervisorStart

    /// Whether a failed start is put to the restart policy.
    public var isAutomatic: Bool {
        switch self {
        case .user, .restartCommand: false
        case .policy, .supervisorStart: true
        }
    }
}

/// Why a process is brought to its end, and so what follows when it has ended.
public enum StopPurpose: String, Hashable, Sendable, CaseIterable {
    /// `stop`: it stays down.
    case stop
    /// `kill` with KILL: it stays down.
    case kill
    /// `restart`: it is started at once.
    case restart
    /// `rm -f`: it is removed.
    case remove
    /// An ordered shutdown: it stays down until the next supervisor decides.
    case shutdown
    /// The watchdog of the unit that runs it found it unhealthy: it stays down until the unit starts it again.
    case watchdog
}

/// A stop that waits for a start to finish.
public struct PendingStop: Hashable, Sendable {
    /// Why.
    public var purpose: StopPurpose
    /// How.
    public var sequence: StopSequence
    /// When it was asked for, which may be after the process was there that nobody had told of; `nil` in old records.
    public var requested: MonotonicInstant?

    /// A stop from its parts.
    public init(purpose: StopPurpose, sequence: StopSequence, requested: MonotonicInstant? = nil) {
        self.purpose = purpose
        self.sequence = sequence
        self.requested = requested
    }
}

/// A stop under way.
public struct Stopping: Hashable, Sendable {
    /// Why.
    public var purpose: StopPurpose
    /// How.
    public var sequence: StopSequence
    /// The step whose grace runs now; `sequence.steps.count` is the KILL of the whole control group.
    public var step: Int
    /// When that grace is over; `nil` waits for ever.
    public var due: MonotonicInstant?
    /// How often KILL was sent; it is repeated while a process stays (one in uninterruptible sleep does).
    public var kills: Int

    /// The step that it stands at; `nil` at the KILL of the whole control group, and at what is no step.
    var present: StopStep? { sequence.steps.indices.contains(step) ? sequence.steps[step] : nil }

    /// A stop at its first step.
    public init(
        purpose: StopPurpose, sequence: StopSequence, step: Int = 0, due: MonotonicInstant? = nil, kills: Int = 0
    ) {
        self.purpose = purpose
        self.sequence = sequence
        self.step = step
        self.due = due
        self.kills = kills
    }
}

/// A restart that waits for its delay.
public struct Backoff: Hashable, Sendable {
    /// The delay.
    public var delay: Nanoseconds
    /// When it is over.
    public var due: MonotonicInstant

    /// A wait from its parts.
    public init(delay: Nanoseconds, due: MonotonicInstant) {
        self.delay = delay
        self.due = due
    }
}
