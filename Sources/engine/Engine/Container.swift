internal import DequeModule
internal import Health
internal import Isolation
internal import LaunchPlan
internal import Lifecycle
internal import Linux
internal import Logs
internal import Model
internal import NIOCore

/// One container as the engine holds it. Confined to the engine.
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

    /// The process, from the request to the keeper until its output was drained and its end recorded.
    var run: Run?
    /// What stays between runs; made at the first start.
    var prepared: PreparedContainer?
    /// Whether `prepared` is being made.
    var preparing = false
    /// Completed when what an earlier run held has been given back; `nil` when nothing is being given back.
    var released: EventLoopFuture<Void>?

    /// The process of the last run that was recorded, until it is taken over.
    var lastProcess: RecordedProcess?
    /// Where its runs take place.
    var place: RunPlace?
    /// When a start that is left to its unit is made without it.
    var unitTimer: Scheduled<Void>?
    /// The boot of the machine in which the present user's stop came.
    var stopBoot: String?
    /// Whether an init system's start was refused since the last start: the next that it asks for is a user's.
    var refusedInit = false
    /// What the init system said of the start that it is about to make.
    var comingStart: InitStart?

    /// Whether an earlier engine may have left standing what it had made; in the place of `prepared`.
    var hasLeftovers = false

    /// Effects that wait for an earlier one to become durable.
    var pending: Deque<PendingEffect> = []
    /// Whether effects are being carried out, or one is on its way to the disk.
    var carrying = false
    /// Who waits until nothing is pending.
    var settled: [EventLoopPromise<Void>] = []
    var unsavedHistory: [HistoryEntry] = []
    /// Why the disk did not take its last change.
    var saveError = ""
    /// The slot whose end the keeper still holds because the disk has not taken it.
    var keptEnd: UInt64?
    var lastReason: Reason?
    var timers: [TimerKind: Scheduled<Void>] = [:]

    /// Who waits with `wait`, and for what.
    var waiters: [(condition: WaitCondition, promise: EventLoopPromise<WaitOutcome>)] = []
    /// Requests that are answered when a start, stop, pause or removal is over.
    var startPromises: [EventLoopPromise<Void>] = []
    var stopPromises: [EventLoopPromise<Void>] = []
    var pausePromises: [EventLoopPromise<Void>] = []
    var removePromises: [EventLoopPromise<Void>] = []

    /// Clients that want its output, whether it runs yet or not.
    var clients: [AttachedClient] = []
    /// Exec instances by ID.
    var execs: [String: Exec] = [:]
    /// Followers of its log, woken when it grows or will not grow.
    var followers: [EventLoopPromise<Void>] = []
    var logOpen = false
    /// How far its journal entries have come, where it logs to the journal.
    let journalProgress = JournalProgress()
    /// Whether the control group was killed as a whole, so that nothing can be born in it any more.
    var needsNewCgroup = false
    /// What its control group had counted of memory before the present run.
    var memory: MemoryBaseline?
    /// How many of the present run's kills for lack of memory have been told.
    var outOfMemoryKillsTold: UInt64 = 0

    /// The watch over its health; `nil` when it is not checked.
    var health: HealthMonitor?
    var healthTimer: Scheduled<Void>?
    /// The run that is watched now, and the last one that was.
    var watched: UInt64?
    var begun: UInt64?

    init(id: ContainerID, name: ContainerName, created: WallTime, spec: ContainerSpec, lifecycle: ContainerLifecycle) {
        self.id = id
        self.name = name
        self.created = created
        self.sharedSpec = Shared(spec)
        self.lifecycle = lifecycle
        self.lastReason = lifecycle.record.reason
        self.health = healthPlan.map { HealthMonitor($0) }
    }
}

/// An effect that waits for its turn.
struct PendingEffect {
    let effect: Effect
    /// The moment of its event.
    let at: MonotonicInstant
    /// Who waited for it when the event happened; whoever comes later waits for the next.
    var audience = Audience()
    /// The user's command that it belongs to.
    var command: UserCommand?

    /// Those whom a notice answers.
    struct Audience {
        var promises: [EventLoopPromise<Void>] = []
        var waiters: [EventLoopPromise<WaitOutcome>] = []
        /// Whether no run follows by itself, so that those who stay attached until then are let go.
        var isFinal = false
    }
}

/// One run of a container or of an exec.
struct Run {
    /// The keeper's slot and the pump's feed: one number for both.
    let number: UInt64
    /// Zero until the keeper says it runs.
    var pid = 0
    var pidfd: SharedDescriptor?
    var terminal: SharedDescriptor?
    /// The inode numbers of the pipes of its output.
    var outputs: [UInt64] = []
    /// What is recorded of it, for an engine under another keeper; `nil` until it runs.
    var recorded: RecordedProcess?
    /// Whether its standard input is held by the keeper too.
    var holdsInput = false
    /// The plan until the process runs, to say which of its operations failed.
    var plan: Plan?
    /// What the keeper told of the end; taken up when the output was drained and the memory accounts were read.
    var end: End?
    var drained = false
    /// What is known of its memory; `nil` until the accounts were read.
    var memory: Memory?

    /// Its control group's accounts.
    enum Memory {
        case unremarkable
        case told(MemoryAccount)
    }

    /// How it ended.
    enum End {
        case exited(ExitStatus, MonotonicInstant)
        case failed(StartFailure)
    }
}

/// A process run beside a container's first one.
final class Exec {
    let id: String
    var spec: ExecSpec
    var run: Run?
    var started = false
    var exitCode: Int?
    var client: AttachedClient?
    var startPromise: EventLoopPromise<Void>?
    /// Set when it is a check of the container's health.
    var probe: Probe?

    init(id: String, spec: ExecSpec) {
        self.id = id
        self.spec = spec
    }
}

extension Container {
    /// Whether it has a process, or a start is under way that will make one.
    var mayHaveProcess: Bool { run != nil || lifecycle.state.mayHaveProcess }
}
