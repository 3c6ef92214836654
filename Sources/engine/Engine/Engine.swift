internal import Containers
internal import Isolation
internal import Lifecycle
internal import Linux
public import Logging
internal import Model
public import NIOCore
internal import Records
internal import Runs
public import Supervision

/// The supervisor: the one interpreter of the decisions of Lifecycle and Restart.
///
/// All its state belongs to one event loop, which is the actor's executor. Handlers of the same loop call it without a hop, and
/// no state in it is ever touched by two threads.
public actor Engine {
    /// The loop that owns all state here.
    public nonisolated let loop: any EventLoop
    /// The loop as the actor's executor.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }
    private nonisolated let executor: any SerialExecutor

    /// Configuration of the supervisor.
    public nonisolated let configuration: EngineConfiguration
    /// The directories that users are not told of.
    package nonisolated let places: OwnPlaces
    /// Log for the operator.
    public nonisolated let log: Logger
    let surroundings: Surroundings
    let clock: any TimeSource
    /// Threads for the engine's own work.
    let supervision: SupervisionPools
    nonisolated var storeThread: any WorkPool { supervision.records }
    nonisolated var workers: any WorkPool { supervision.hands }
    nonisolated var compiler: any WorkPool { supervision.compiler }
    /// Threads for requests of clients.
    let clients: ClientPools
    let records: RecordStore
    /// Everything that containers hold.
    let holdings: [any Holding]
    let isolation: RuntimeSet
    /// Runs of containers and execs.
    let runs: Runs

    var containers = ContainerRegistry()
    var execs: [String: ContainerID] = [:]
    /// Size of all exec instances in memory, in bytes.
    var execBytes = 0
    /// Events of the supervisor and of all its services.
    public nonisolated let events: EventLog
    /// Names of containers that are being created, so that two requests cannot take the same.
    var reservedNames: Set<ContainerName> = []
    /// The boot of the machine, as the supervisor's mark names it.
    var boot = ""
    /// Deadline for stopping all containers, once a shutdown was requested.
    var shutdownDeadline: MonotonicInstant?
    var shuttingDown: Bool { shutdownDeadline != nil }
    /// Changes that wait for the disk, and those that it has refused.
    var ledger = Ledger<ContainerID, RecordChange>()
    /// The mark of this supervisor while the disk has not taken it.
    var unsavedMark: SupervisorMark?
    /// The name under which the keeper holds its substitute meanwhile.
    var heldMarkName: String?
    /// Descriptions of unusable objects that were left alone or put aside.
    var setAside: [String] = []
    /// Containers that two engines in a row did not survive, and their slots, which the keeper is to keep.
    var faulty: Set<ContainerID> = []
    var faultySlots: Set<RunID> = []
    /// Starts that are owed since this supervisor came up, and those that were owed before every container was known.
    var starts: StartQueue<ContainerID>
    var owedStarts: Set<ContainerID> = []
    var startTimer: Scheduled<Void>?
    /// Starts that wait for a container whose namespaces they join.
    var waitingForPartners: Set<ContainerID> = []
    /// Whether the records are still being decided about.
    var recovering = false
    /// Whether every container was decided about.
    var hasRecovered = false
    /// Process number of the keeper.
    var keeperProcess = 0
    /// Number of processes that the keeper has room for.
    var keeperSlots = 0
    var lastReplacement: ReplacementReport?
    /// Whether it has reported that it serves its clients.
    var isServing = false
    /// Time of this engine's start.
    let started: WallTime
    /// Callbacks: the keeper requests another engine, or is gone.
    let onReplace: @Sendable () -> Void
    let onKeeperGone: @Sendable () -> Void

    /// An engine on a loop. It does nothing until `recover()`.
    package init(
        configuration: EngineConfiguration, loop: any EventLoop, log: Logger, in surroundings: Surroundings,
        with services: sending EngineServices,
        onReplace: @escaping @Sendable () -> Void, onKeeperGone: @escaping @Sendable () -> Void
    ) {
        self.onReplace = onReplace
        self.onKeeperGone = onKeeperGone
        self.configuration = configuration
        self.places = OwnPlaces(configuration)
        self.loop = loop
        self.executor = loop.executor
        self.log = log
        self.surroundings = surroundings
        self.clock = surroundings.clock
        // Machines that boot together came up at different nanoseconds.
        self.starts = StartQueue(
            pace: configuration.startPace, seed: UInt64(bitPattern: surroundings.clock.monotonic.nanoseconds))
        self.started = surroundings.clock.wall
        self.supervision = surroundings.supervision
        self.clients = surroundings.clients
        self.runs = services.runs
        self.isolation = surroundings.isolation
        self.records = services.records
        self.holdings = services.holdings
        self.events = EventLog(loop: loop)
    }

    /// Runs blocking work on a pool, and continues with its result on the loop.
    nonisolated func offload<Value: Sendable>(
        to pool: any WorkPool, _ work: @escaping @Sendable () throws -> Value,
        then: @escaping @Sendable (isolated Engine, Result<Value, any Error>) -> Void
    ) {
        pool.run(on: loop, work).whenComplete { result in
            self.assumeIsolated { engine in then(engine, result) }
        }
    }

    /// Runs the engine's own blocking work on a thread of supervision, and waits for it without holding the loop.
    func work<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await run(on: workers, body)
    }

    /// Runs a client's long computation that waits for nothing. It holds up no other client's requests.
    public func compute<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await run(on: clients.reckoners, body)
    }

    /// The runtime of a container; Docker's error for an unknown one.
    func runtime(for spec: ContainerSpec) throws(EngineError) -> any IsolationRuntime {
        do { return try isolation.runtime(for: spec) } catch { throw EngineError(.badRequest, error.message) }
    }

    /// Runs work on any pool.
    func run<Value: Sendable>(
        on pool: any WorkPool, _ body: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await pool.run(on: loop, body).get()
    }
}
