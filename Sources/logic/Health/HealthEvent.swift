public import Model

/// Something that bears on the watch over a container's health.
public enum HealthEvent: Hashable, Sendable {
    /// A run began; the number tells runs apart.
    case began(run: RunID)
    /// An engine came up and found this run alive.
    case recovered(run: RunID)
    /// The container does not run any more, or is paused.
    case suspended
    /// It is not paused any more.
    case resumed
    /// The time that was armed has come.
    case timerFired
    /// The process of a check runs.
    case probeStarted(UInt64)
    /// A check is over.
    case probeEnded(UInt64, ProbeEnd)
}

/// How a check was over.
public enum ProbeEnd: Hashable, Sendable {
    /// Its process ended.
    case exited(code: Int32, ProbeOutput)
    /// There was no process, for this reason.
    case notStarted(String)
    /// There was no container to start it in any more: nothing is learned.
    case noContainer
}

/// What the interpreter must do for the watch over a container's health, in the order given.
public enum HealthEffect: Hashable, Sendable {
    /// Send `timerFired` at this instant, in place of an earlier one.
    case arm(due: MonotonicInstant)
    /// Forget the timer; that it is not armed is no error.
    case disarm
    /// Run a check; answer with `probeStarted` when its process runs, and in every case with `probeEnded`.
    case probe(UInt64)
    /// Kill the process of a check; its `probeEnded` still comes.
    case endProbe(UInt64)
    /// The verdict changed: tell the listeners of events.
    case announce(HealthSnapshot.Status)
    /// Write the record down, so that the next engine goes on from it. Nobody waits for that.
    case remember
}

/// What of a watch must outlive the engine.
public struct HealthRecord: Hashable, Sendable {
    /// The verdict and the last checks.
    public internal(set) var snapshot = HealthSnapshot()
    /// The present or last run; `nil` before the first.
    public internal(set) var run: RunID?
    /// When that run began.
    public internal(set) var began = MonotonicInstant(nanoseconds: 0)
    /// When the next check begins; `nil` while none waits.
    public internal(set) var due: MonotonicInstant?
    /// Checks made so far, which gives each a number.
    public internal(set) var probes: UInt64 = 0

    /// Of a container that never ran.
    public init() {}

    /// A record as it was stored.
    package init(
        snapshot: HealthSnapshot, run: RunID?, began: MonotonicInstant, due: MonotonicInstant?, probes: UInt64
    ) {
        self.snapshot = snapshot
        self.run = run
        self.began = began
        self.due = due
        self.probes = probes
    }
}
