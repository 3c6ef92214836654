internal import Containers
package import Isolation
package import Linux
package import Model
package import Records
package import Runs
package import Supervision

/// All interfaces of the engine to the world. The supervisor has the machine's own. The simulator has a world made from a seed,
/// in which the engine runs unchanged.
package struct Surroundings: Sendable {
    /// Source of the time.
    package var clock: any TimeSource
    /// Maker of identities for new containers and execs.
    package var makeID: @Sendable () -> ContainerID
    /// Threads for keeping containers running.
    package var supervision: SupervisionPools
    /// Threads for requests of clients, apart from those of supervision.
    package var clients: ClientPools
    /// Runtimes of containers.
    package var isolation: RuntimeSet
    /// The mark of the running supervisor, by the number of its keeper.
    package var identify: @Sendable (Int) -> SupervisorMark
    /// Search for processes whose keeper is lost.
    package var processes: ProcessFinder
    /// Note of the container that a thread works on, for the engine after one that ended by a fault.
    package var faults: FaultNote?
    /// Starts a thread that makes the pump and runs it.
    package var startPump: @Sendable (@escaping @Sendable () -> PumpLoop?) throws -> Void

    /// Surroundings from their parts.
    package init(
        clock: any TimeSource, makeID: @escaping @Sendable () -> ContainerID, supervision: SupervisionPools,
        clients: ClientPools, isolation: RuntimeSet,
        identify: @escaping @Sendable (Int) -> SupervisorMark,
        processes: ProcessFinder = .none, faults: FaultNote? = nil,
        startPump: @escaping @Sendable (@escaping @Sendable () -> PumpLoop?) throws -> Void
    ) {
        self.clock = clock
        self.makeID = makeID
        self.supervision = supervision
        self.clients = clients
        self.isolation = isolation
        self.identify = identify
        self.processes = processes
        self.faults = faults
        self.startPump = startPump
    }
}

/// Services that the engine stands on.
package struct EngineServices {
    let records: RecordStore
    let runs: Runs
    let holdings: [any Holding]

    /// Services from their parts. `holdings` is everything that containers hold.
    package init(records: RecordStore, runs: Runs, holdings: [any Holding]) {
        self.records = records
        self.runs = runs
        self.holdings = holdings
    }
}
