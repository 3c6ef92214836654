/// Why a decision about a container was made: what happened, which rule fired, what comes next and when.
///
/// It is data, so that `why`, inspect, the history and the tests all read the same thing; `description` is the
/// one place where it becomes a sentence.
public struct Reason: Hashable, Sendable {
    /// What happened.
    public var occurrence: Occurrence
    /// The rule that fired.
    public var rule: Rule
    /// What comes next.
    public var outcome: Outcome

    /// A reason from its three parts.
    public init(occurrence: Occurrence, rule: Rule, outcome: Outcome) {
        self.occurrence = occurrence
        self.rule = rule
        self.outcome = outcome
    }
}

/// How a run, or the attempt at one, ended.
public enum RunEnd: Hashable, Sendable {
    /// The process ran for this long on the monotonic clock and ended. `memory` is there when the kernel killed for lack of it,
    /// and when KILL came from nobody that is known; in old records it never is.
    case exited(status: ExitStatus, ranFor: Nanoseconds, outOfMemory: Bool, memory: MemoryAccount? = nil)
    /// An automatic start did not lead to a process.
    case startFailed(StartFailure)

    /// Whether it counts as a failure for `on-failure`: a start that failed always does.
    public var isFailure: Bool {
        switch self {
        case .exited(let status, _, _, _): !status.isSuccess
        case .startFailed: true
        }
    }
}

extension Reason {
    /// What happened.
    public enum Occurrence: Hashable, Sendable {
        /// A run ended, or an automatic start failed.
        case ended(RunEnd)
        /// A supervisor came up and found the container with this last exit status.
        case supervisorStarted(after: SupervisorEnd, lastExit: ExitStatus?)
        /// The user asked for a start.
        case startRequested
        /// The user asked for a restart.
        case restartRequested
        /// The user asked for a stop while no process ran: a pending restart was called off.
        case stopRequested(UserStop)
        /// The user asked for a removal.
        case removalRequested(force: Bool)
        /// The supervisor began an ordered shutdown.
        case supervisorStopping
        /// The unit that the restarts were handed to asked for a start.
        case initAsked(InitStart, InitUnit)
        /// The restarts were handed to an init system, or taken back (`nil`).
        case handedOver(to: InitUnit?)
    }

    /// The rule that fired.
    public enum Rule: Hashable, Sendable {
        /// A command of the user's is carried out.
        case command
        /// `no` never restarts.
        case policyNo
        /// `always` restarts however it ended.
        case policyAlways
        /// `unless-stopped` restarts as no user has stopped it.
        case policyUnlessStopped
        /// `on-failure` restarts what failed; `maximum` restarts are allowed, `nil` is without bound.
        case policyOnFailure(maximum: Int?)
        /// `on-failure` leaves alone what ended with code 0.
        case endedWell
        /// `on-failure:maximum` has used up its restarts.
        case retriesExhausted(maximum: Int)
        /// A user stopped it.
        case stoppedByUser(UserStop)
        /// A container that was never started is not started by a supervisor.
        case neverStarted
        /// The restart was already decided when the supervisor ended.
        case restartPending
        /// The containers lived on: there is nothing to decide.
        case supervisorReplaced
        /// Its process was found running although the keeper that had started it is gone, and is kept. `lost` says what
        /// went with that keeper.
        case foundRunning(lost: [String])
        /// The supervisor is going down; the next one decides.
        case supervisorStopping
        /// The watchdog of the unit that runs it ended it, as its health check failed; the unit decides.
        case endedAsUnhealthy
        /// `--rm`: the container is removed when it ends.
        case autoRemove
        /// The policy asks for a restart, and an init system is the one that makes it.
        case leftToInit(InitUnit)
    }

    /// What comes next.
    public enum Outcome: Hashable, Sendable {
        /// The `count`th restart since the last manual start, after a delay.
        case restart(count: Int, delay: Delay)
        /// A start at once, with the count of restarts back at zero.
        case start
        /// It stays as it is.
        case stay
        /// It stays down although the policy would restart it, as the bound is reached.
        case giveUp
        /// It is removed.
        case remove
        /// A start at once by an init system: its `count`th restart since the last manual start.
        case restartByInit(count: Int)
        /// It goes on as it is.
        case unchanged
    }

    /// How long a restart waits, and why so long.
    public struct Delay: Hashable, Sendable {
        /// The time between the exit and the start.
        public var span: Nanoseconds
        /// Why it is that long.
        public var basis: Basis

        /// A delay with its basis.
        public init(span: Nanoseconds, basis: Basis) {
            self.span = span
            self.basis = basis
        }

        /// Where the length of a delay comes from.
        public enum Basis: Hashable, Sendable {
            /// The first restart since a manual start.
            case first
            /// Grown by the factor from the delay before.
            case grown(from: Nanoseconds)
            /// Held at the cap.
            case capped
            /// Back at the first delay, as the run lasted at least `threshold`.
            case reset(threshold: Nanoseconds)
        }
    }
}
