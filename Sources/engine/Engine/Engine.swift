public import ImageService
internal import Isolation
internal import Lifecycle
internal import Linux
public import Logging
internal import Model
public import NIOCore
internal import Records
internal import Restart
internal import Runs
internal import Store
internal import Supervision

/// The supervisor: the one interpreter of what Lifecycle and Restart decide.
///
/// All its state belongs to one event loop, which is the actor's executor: handlers of the same loop call it
/// without a hop, and nothing in it is ever touched by two threads.
public actor Engine {
    /// The loop that owns everything here.
    public nonisolated let loop: any EventLoop
    /// The loop as the actor's executor.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }
    private nonisolated let executor: any SerialExecutor

    let configuration: EngineConfiguration
    /// Where it says what an operator has to know.
    public nonisolated let log: Logger
    let surroundings: Surroundings
    let clock: any TimeSource
    /// Threads for the engine's own work.
    let supervision: SupervisionPools
    nonisolated var storeThread: any WorkPool { supervision.records }
    nonisolated var workers: any WorkPool { supervision.hands }
    nonisolated var compiler: any WorkPool { supervision.compiler }
    /// Threads for what clients ask for.
    let clients: ClientPools
    let store: RecordStore
    /// The images.
    public nonisolated let images: ImageService
    /// All that containers hold; a new one is one line in the initialiser.
    let holdings: [any Holding]
    let isolation: IsolationSet
    /// The processes.
    let runs: Runs

    var containers = ContainerRegistry()
    var execs: [String: ContainerID] = [:]
    /// What all exec instances hold of memory.
    var execBytes = 0
    var eventLog = EventLog()
    /// Names and IDs of containers that are being made, so that two requests cannot take the same.
    var reservedNames: Set<ContainerName> = []
    /// The boot of the machine, as the supervisor's mark names it.
    var boot = ""
    /// By when everything has to be down, once the supervisor was asked to stop.
    var shutdownDeadline: MonotonicInstant?
    var shuttingDown: Bool { shutdownDeadline != nil }
    /// What of the containers waits for the disk, and what it has refused.
    var ledger = Ledger<ContainerID, StoreChange<ContainerStateRecord, HistoryEntry>>()
    /// The mark of this supervisor while the disk has not taken it.
    var unsavedMark: SupervisorMark?
    /// The name under which the keeper holds what stands for it meanwhile.
    var heldMarkName: String?
    /// What could not be used and was left alone or put aside, in words.
    var setAside: [String] = []
    /// Containers that two engines in a row did not survive, and the slots of theirs that the keeper is to hold on to.
    var faulty: Set<ContainerID> = []
    var faultySlots: Set<UInt64> = []
    /// Starts that are owed since this supervisor came up, and those of which that was said before everybody was known.
    var starts: StartQueue<ContainerID>
    var owedStarts: Set<ContainerID> = []
    var startTimer: Scheduled<Void>?
    /// Whether the records are still being put to their decisions.
    var recovering = false
    /// Whether every container was put to its decision.
    var hasRecovered = false
    /// The keeper's process number, and how the last replacement of the engine went.
    var keeperProcess = 0
    /// How many processes the keeper has room for.
    var keeperSlots = 0
    var lastReplacement: ReplacementReport?
    /// Whether it has said that it serves its clients.
    var isServing = false
    /// When this engine began.
    let started: WallTime
    /// Called when the keeper asks for another engine, and when it is gone.
    let onReplace: @Sendable () -> Void
    let onKeeperGone: @Sendable () -> Void

    /// An engine on a loop, connected to the keeper that started this process. It does nothing until `recover()`.
    public init(
        configuration: EngineConfiguration, loop: any EventLoop, log: Logger,
        onReplace: @escaping @Sendable () -> Void, onKeeperGone: @escaping @Sendable () -> Void
    ) throws {
        try self.init(
            configuration: configuration, loop: loop, log: log, in: try .machine(configuration),
            onReplace: onReplace, onKeeperGone: onKeeperGone)
    }

    /// The same in other surroundings than the machine.
    package init(
        configuration: EngineConfiguration, loop: any EventLoop, log: Logger, in surroundings: Surroundings,
        onReplace: @escaping @Sendable () -> Void, onKeeperGone: @escaping @Sendable () -> Void
    ) throws {
        self.onReplace = onReplace
        self.onKeeperGone = onKeeperGone
        self.configuration = configuration
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
        self.runs = Runs(keeper: surroundings.keeper, loop: loop, log: log)
        self.isolation = surroundings.isolation
        self.store = try RecordStore(root: configuration.dataRoot, disk: surroundings.disk)
        self.images = try ImageService(
            root: configuration.dataRoot + "/images", archiveTool: configuration.programs + "/sereno-archive",
            loop: loop,
            supervision: surroundings.supervision, clients: surroundings.clients)
        self.holdings = [images]
    }

    /// Runs blocking work elsewhere and comes back with what it gave.
    nonisolated func offload<Value: Sendable>(
        to pool: any WorkPool, _ work: @escaping @Sendable () throws -> Value,
        then: @escaping @Sendable (isolated Engine, Result<Value, any Error>) -> Void
    ) {
        pool.run(on: loop, work).whenComplete { result in
            self.assumeIsolated { engine in then(engine, result) }
        }
    }

    /// Runs blocking work of the engine's own on a thread of supervision and waits for it without holding the loop.
    func work<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await run(on: workers, body)
    }

    /// Reckons something elsewhere that may take long and waits for nothing: what one client asks for holds up no other.
    public func compute<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await run(on: clients.reckoners, body)
    }

    /// Finds out for a client what may take long; refused with 503 when too many ask.
    func inquire<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws(EngineError) -> Value {
        do { return try await run(on: clients.inquiries, body) } catch let error as EngineError { throw error } catch {
            throw EngineError(.failed, describe(error))
        }
    }

    /// The same on any pool.
    func run<Value: Sendable>(
        on pool: any WorkPool, _ body: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await pool.run(on: loop, body).get()
    }
}

/// The engine's durable records.
typealias RecordStore = ContainerStore<ContainerRecord, ContainerStateRecord, HistoryEntry>
