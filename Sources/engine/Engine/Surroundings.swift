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

/// All through which the engine touches the world. The supervisor is given the machine's own; the simulator gives a world
/// that it makes from a seed, so that the engine runs there as it is.
package struct Surroundings: Sendable {
    /// Where the time is read.
    package var clock: any TimeSource
    /// Identities for new containers and execs.
    package var makeID: @Sendable () -> ContainerID
    /// Threads for what keeps containers running.
    package var supervision: SupervisionPools
    /// Threads for what clients ask for, which are none of those.
    package var clients: ClientPools
    /// Where the records lie.
    package var disk: any StoreFileSystem
    /// The conversation with the keeper.
    package var keeper: KeeperClient
    /// The makers of containers.
    package var isolation: IsolationSet
    /// The mark of the running supervisor, by the number of its keeper.
    package var identify: @Sendable (Int) -> SupervisorMark
    /// How processes are found again whose keeper is lost.
    package var processes: ProcessFinder
    /// Where it is noted on which container a thread works, for the engine that follows one that ended by a fault.
    package var faults: FaultNote?
    /// Has a thread make the pump and run it.
    package var startPump: @Sendable (@escaping @Sendable () -> PumpLoop?) throws -> Void

    /// Surroundings by their parts.
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

    /// The machine this process runs on, and the keeper that started it.
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
            // Without it a container that ends engines is not found out; that is no reason not to start.
            faults: try? FaultNote(path: configuration.dataRoot + "/fault-note"),
            startPump: { make in
                try KernelThread.start(name: "pump") {
                    guard var pump = make() else { return }
                    pump.run()
                }
            })
    }
}

/// Those of the kernel.
struct MachineClock: TimeSource {
    var monotonic: MonotonicInstant { .now }
    var wall: WallTime { .now }
}
