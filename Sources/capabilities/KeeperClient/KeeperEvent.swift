public import KeeperProtocol
public import Model

extension Moment {
    /// As the keeper measured it.
    init(_ reading: Reading) {
        self.init(
            monotonic: MonotonicInstant(nanoseconds: reading.monotonic), wall: WallTime(nanoseconds: reading.wall))
    }
}

/// How a process ended and what it used.
public struct ProcessExit: Hashable, Sendable {
    /// How it ended.
    public let status: ExitStatus
    /// When the keeper reaped it.
    public let at: Moment
    /// Time in user mode, reaped children included.
    public let userTime: Nanoseconds
    /// Time in the kernel, reaped children included.
    public let systemTime: Nanoseconds
    /// The largest resident set in bytes.
    public let maximumResidentBytes: Int64

    init(_ record: ExitRecord) {
        status = ExitStatus(waitStatus: record.status)
        at = Moment(record.at)
        userTime = Nanoseconds(record.userTime)
        systemTime = Nanoseconds(record.systemTime)
        maximumResidentBytes = record.maximumResident * 1024
    }
}

/// A slot as the keeper hands it over to an engine that just came up.
public struct HandedSlot: Sendable {
    /// How far its process has come.
    public enum State: Equatable, Sendable {
        /// Cloned, not yet executing: `spawned` or `spawnFailed` follows.
        case starting
        /// Executing its program since then.
        case running(since: Moment)
        /// Ended; forget the slot once that is recorded.
        case exited(ProcessExit, since: Moment)
        /// Never executed; forget the slot once that is recorded.
        case failed(LaunchFailure)
    }

    /// Whether its process is gone.
    public var hasEnded: Bool {
        switch state {
        case .starting, .running: false
        case .exited, .failed: true
        }
    }

    /// Its number.
    public let slot: RunID
    /// What the process is.
    public let kind: SlotKind
    /// The key given when it was spawned: a container's or exec's identity.
    public let key: String
    /// The process number in the keeper's PID namespace, to be shown and to find its cgroup by.
    public let processNumber: Int32
    /// How far it has come.
    public let state: State
    /// The pidfd, while starting or running; take it once.
    public let process: PassedDescriptors
    /// The descriptors that were kept, in the order in which they were given.
    public let kept: PassedDescriptors
}

/// What the keeper tells the engine.
public enum KeeperEvent: Sendable {
    /// The answer to `KeeperClient.hello()`; the handover follows.
    case hello(processNumber: Int32, now: Moment, slots: Int)
    /// Handover of one slot.
    case slot(HandedSlot)
    /// Handover of a descriptor held by name.
    case held(name: String, descriptor: PassedDescriptors)
    /// The handover is complete.
    case handoverDone(slots: Int, held: Int)
    /// The process executes its program; `process` holds its pidfd.
    case spawned(RunID, processNumber: Int32, at: Moment, process: PassedDescriptors)
    /// An operation that may fail did; the launch goes on.
    case spawnWarning(RunID, operation: Int, step: LaunchStep, errno: Int32)
    /// The process never executed its program. Forget the slot.
    case spawnFailed(RunID, LaunchFailure)
    /// The process ended. Forget the slot once that is recorded.
    case exited(RunID, ProcessExit)
    /// A signal found no process.
    case signalFailed(RunID, signal: Int32, errno: Int32)
    /// How many children of no slot the keeper has reaped so far.
    case orphans(reaped: UInt64)
    /// The answer to `ping`.
    case pong(UInt64)
    /// Another engine shall take over: leave everything running and end.
    case replace
    /// Which keeper this is: the same number for those that took up what one before had left.
    case lineage(number: UInt64, keepers: Int)
    /// How the last replacement of the engine on purpose went.
    case replaced(EngineReplacement)
    /// Answer with ``KeeperClient/pong(_:)``: the keeper kills an engine that does not.
    case ping(UInt64)
    /// The keeper refused a frame of ours: a fault in this engine, to be logged.
    case refused(FrameError, kind: UInt16)
}

/// A replacement of the engine on purpose, and how it went.
public struct EngineReplacement: Hashable, Sendable {
    /// How it went.
    public let outcome: ReplacementOutcome
    /// How an engine that did not come up ended; `nil` when it did.
    public let status: ExitStatus?
    /// When that was known.
    public let at: Moment
    /// What the engine that did not come up said of it; empty when it said nothing.
    public let text: String

    init(_ replacement: Replacement) {
        outcome = replacement.outcome
        status = replacement.outcome == .replaced ? nil : ExitStatus(waitStatus: replacement.status)
        at = Moment(replacement.at)
        let text = replacement.text
        self.text = String(decoding: (0..<text.count).map { text[$0] }, as: UTF8.self)
    }
}
