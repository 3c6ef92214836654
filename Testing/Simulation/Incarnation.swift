import Engine
import Isolation
import KeeperClient
import Linux
import Logging
import Model
import Records
import Runs
import Store
import Supervision
import Supervisor
import Synchronization

/// One engine, from its start to its death, with the threads and the view of the disk that die with it.
final class Incarnation {
    let number: Int
    let loop: SimulatedLoop
    let tasks: SimulatedTasks
    let disk: FaultyDisk
    let storeThread = SimulatedPool(threads: 1)
    let workers = SimulatedPool(threads: 2)
    let supervisor: Supervisor
    var engine: Engine { supervisor.engine }
    private let signs: Signs
    private var pump: PumpLoop?
    /// Whether it has recovered and listens to clients.
    var isReady = false

    /// What the engine says to its process.
    private final class Signs: Sendable {
        let makePump = Mutex<(@Sendable () -> PumpLoop?)?>(nil)
        let wantsToEnd = Mutex(false)
    }

    init(
        number: Int, clock: SimulatedClock, disk: FaultyDisk, keeper: SimulatedKeeper, runtime: SimulatedRuntime,
        processes: ProcessFinder, boot: String, configuration: EngineConfiguration,
        identities: @escaping @Sendable () -> ContainerID,
        log: Logger
    ) throws {
        self.number = number
        self.disk = disk
        loop = SimulatedLoop(clock: clock)
        tasks = SimulatedTasks(loop)
        let signs = Signs()
        self.signs = signs
        let surroundings = Surroundings(
            clock: clock, makeID: identities, supervision: SupervisionPools(records: storeThread, hands: workers),
            clients: ClientPools(workers), isolation: RuntimeSet(runtime, standard: .host),
            identify: { SupervisorMark(boot: boot, keeper: $0, keeperStart: "\($0)") },
            processes: processes,
            startPump: { make in signs.makePump.withLock { $0 = make } })
        supervisor = try Supervisor(
            configuration: configuration, loop: loop, log: log,
            keeper: try KeeperClient(adopting: try keeper.connect()), disk: disk, in: surroundings,
            onReplace: { signs.wantsToEnd.withLock { $0 = true } },
            onKeeperGone: { signs.wantsToEnd.withLock { $0 = true } })
    }

    /// Whether it asked to be ended: it gave way to another, or lost its keeper.
    var wantsToEnd: Bool { signs.wantsToEnd.withLock { $0 } }

    /// When the pump gives up waiting for a run's output.
    var pumpDeadline: Int64? { pump?.nextDeadline?.nanoseconds }

    /// Lets the pump do what is ready; whether there was anything.
    func turnPump() -> Bool {
        let make = signs.makePump.withLock { make in
            defer { make = nil }
            return make
        }
        if let make { pump = make() }
        switch pump?.turn(waiting: 0) {
        case .busy: return true
        case .idle, .stopped, nil: return false
        }
    }

    /// The process is gone: nothing of it reaches the world any more.
    func die() {
        disk.die()
        pump = nil
        drain()
        let engine = engine
        Task(executorPreference: tasks) { await engine.abandon() }
        drain()
        loop.close()
        signs.makePump.withLock { $0 = nil }
    }

    /// Lets everything that waits for a thread know that there is none any more.
    private func drain() {
        while loop.hasWork || storeThread.count + workers.count > 0 {
            storeThread.close()
            workers.close()
            loop.step()
        }
    }
}
