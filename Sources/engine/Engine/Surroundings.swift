internal import Isolation
package import KeeperClient
package import Linux
package import Model
internal import NIOCore
internal import NIOPosix
package import Records
package import Runs
package import Store
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
    /// File system of the records.
    package var disk: any StoreFileSystem
    /// Connection to the keeper.
    package var keeper: KeeperClient
    /// Runtimes of containers.
    package var isolation: IsolationSet
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
        clients: ClientPools, disk: any StoreFileSystem, keeper: KeeperClient, isolation: IsolationSet,
        identify: @escaping @Sendable (Int) -> SupervisorMark,
        processes: ProcessFinder = .none, faults: FaultNote? = nil,
        startPump: @escaping @Sendable (@escaping @Sendable () -> PumpLoop?) throws -> Void
    ) {
        self.clock = clock
        self.makeID = makeID
        self.supervision = supervision
        self.clients = clients
        self.disk = disk
        self.keeper = keeper
        self.isolation = isolation
        self.identify = identify
        self.processes = processes
        self.faults = faults
        self.startPump = startPump
    }

    /// Surroundings of the machine that this process runs on, with the keeper that started it.
    static func machine(_ configuration: EngineConfiguration) throws -> Surroundings {
        let keeper = try KeeperClient.inherited()
        let isolation = try IsolationSet(configuration)
        return Surroundings(
            clock: MachineClock(),
            makeID: {
                var random = SystemRandomNumberGenerator()
                return ContainerID.random(using: &random)
            },
            supervision: .machine(), clients: .machine(), disk: LinuxFileSystem(), keeper: keeper, isolation: isolation,
            identify: { SupervisorMark.current(keeper: $0) }, processes: .machine,
            // Without it a container that ends engines is not identified; that is no reason not to start.
            faults: try? FaultNote(path: configuration.dataRoot + "/fault-note"),
            startPump: { make in
                try KernelThread.start(name: "pump") {
                    guard var pump = make() else { return }
                    pump.run()
                }
            })
    }
}

/// The clocks of the kernel.
struct MachineClock: TimeSource {
    var monotonic: MonotonicInstant { .now }
    var wall: WallTime { .now }
}
