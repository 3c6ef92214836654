/// Reason of a decision about a container: what happened, the rule that fired, and what comes next.
///
/// It is data, so that `why`, inspect, the history and the tests all read the same thing. `description` is the one place where it
/// becomes a sentence.
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

/// The end of a run, or of a failed attempt at one.
public enum RunEnd: Hashable, Sendable {
    /// The process ended, after this long on the monotonic clock. `memory` is there when the kernel killed for lack of memory,
    /// and when a KILL has no known sender; old records never have it.
    case exited(status: ExitStatus, ranFor: Nanoseconds, outOfMemory: Bool, memory: MemoryAccount? = nil)
    /// An automatic start did not lead to a process.
    case startFailed(StartFailure)

    /// Whether it counts as a failure for `on-failure`; a failed start always does.
    public var isFailure: Bool {
        switch self {
        case .exited(let status, _, _, _): !status.isSuccess
        case .startFailed: true
        }
    }
}

extension Reason {
    /// Occurrences that lead to a decision.
    public enum Occurrence: Hashable, Sendable {
        /// A run ended, or an automatic start failed.
        case ended(RunEnd)
        /// A supervisor came up and found the container with this last exit status.
        case supervisorStarted(after: SupervisorEnd, lastExit: ExitStatus?)
        /// The user requested a start.
        case startRequested
        /// The user requested a restart.
        case restartRequested
        /// The user requested a stop while no process ran, which called off a pending restart.
        case stopRequested(UserStop)
        /// The user requested a removal.
        case removalRequested(force: Bool)
        /// The supervisor began an ordered shutdown.
        case supervisorStopping
        /// The unit that makes the restarts requested a start.
        case initAsked(InitStart, InitUnit)
        /// The restarts were handed to an init system, or taken back (`nil`).
        case handedOver(to: InitUnit?)
    }

    /// Rules of decisions.
    public enum Rule: Hashable, Sendable {
        /// A command of the user's is carried out.
        case command
        /// `no` never restarts.
        case policyNo
        /// `always` restarts after any end.
        case policyAlways
        /// `unless-stopped` restarts after any end, unless a user has stopped it.
        case policyUnlessStopped
        /// `on-failure` restarts after a failure, at most `maximum` times; `nil` is without bound.
        case policyOnFailure(maximum: Int?)
        /// `on-failure` does not restart after code 0.
        case endedWell
        /// `on-failure:maximum` has used up its restarts.
        case retriesExhausted(maximum: Int)
        /// A user stopped it.
        case stoppedByUser(UserStop)
        /// A container that was never started is not started by a supervisor.
        case neverStarted
        /// The restart had been decided before the supervisor ended.
        case restartPending
        /// The containers lived on, which leaves nothing to decide.
        case supervisorReplaced
        /// Its process was found running, and is kept, although the keeper that had started it is gone. `lost` lists what went
        /// with that keeper.
        case foundRunning(lost: [String])
        /// The supervisor is going down; the next one decides.
        case supervisorStopping
        /// The watchdog of its unit ended it, as its health check failed; the unit decides.
        case endedAsUnhealthy
        /// `--rm`: the container is removed when it ends.
        case autoRemove
        /// The policy restarts it, and an init system carries that out.
        case leftToInit(InitUnit)
    }

    /// Outcomes of decisions.
    public enum Outcome: Hashable, Sendable {
        /// The `count`th restart since the last manual start, after a delay.
        case restart(count: Int, delay: Delay)
        /// A start at once, with the count of restarts back at zero.
        case start
        /// It stays as it is.
        case stay
        /// It stays down although the policy would restart it, as the number of restarts is used up.
        case giveUp
        /// It is removed.
        case remove
        /// A start at once by an init system: its `count`th restart since the last manual start.
        case restartByInit(count: Int)
        /// It goes on as it is.
        case unchanged
    }

    /// Length of the wait for a restart, and its cause.
    public struct Delay: Hashable, Sendable {
        /// The time between the exit and the start.
        public var span: Nanoseconds
        /// Cause of its length.
        public var basis: Basis

        /// A delay with its basis.
        public init(span: Nanoseconds, basis: Basis) {
            self.span = span
            self.basis = basis
        }

        /// Causes of a delay's length.
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
