internal import Isolation
package import KeeperClient
internal import Linux
package import Model
package import NIOCore
internal import NIOPosix
package import Store

/// All through which the engine touches the world. The supervisor is given the machine's own; the simulator gives a world
/// that it makes from a seed, so that the engine runs there as it is.
package struct Surroundings: Sendable {
    /// Where the time is read.
    package var clock: any TimeSource
    /// Identities for new containers and execs.
    package var makeID: @Sendable () -> ContainerID
    /// One thread, which keeps the order of what it is given.
    package var storeThread: any WorkPool
    /// Threads for work of any length.
    package var workers: any WorkPool
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
    /// Has a thread make the pump and run it.
    package var startPump: @Sendable (@escaping @Sendable () -> PumpLoop?) throws -> Void

    /// Surroundings by their parts.
    package init(
        clock: any TimeSource, makeID: @escaping @Sendable () -> ContainerID, storeThread: any WorkPool,
        workers: any WorkPool, disk: any StoreFileSystem, keeper: KeeperClient, isolation: IsolationSet,
        identify: @escaping @Sendable (Int) -> SupervisorMark,
        processes: ProcessFinder = .none,
        startPump: @escaping @Sendable (@escaping @Sendable () -> PumpLoop?) throws -> Void
    ) {
        self.clock = clock
        self.makeID = makeID
        self.storeThread = storeThread
        self.workers = workers
        self.disk = disk
        self.keeper = keeper
        self.isolation = isolation
        self.identify = identify
        self.processes = processes
        self.startPump = startPump
    }

    /// The machine this process runs on, and the keeper that started it.
    static func machine(_ configuration: EngineConfiguration) throws -> Surroundings {
        let storeThread = NIOThreadPool(numberOfThreads: 1)
        let workers = NIOThreadPool(numberOfThreads: 2)
        let keeper = try KeeperClient.inherited()
        let isolation = try IsolationSet(configuration)
        storeThread.start()
        workers.start()
        return Surroundings(
            clock: MachineClock(),
            makeID: {
                var random = SystemRandomNumberGenerator()
                return ContainerID.random(using: &random)
            },
            storeThread: storeThread, workers: workers, disk: LinuxFileSystem(), keeper: keeper, isolation: isolation,
            identify: { SupervisorMark.current(keeper: $0) }, processes: .machine,
            startPump: { make in
                try KernelThread.start(name: "pump") {
                    guard var pump = make() else { return }
                    pump.run()
                }
            })
    }
}

/// The two clocks.
package protocol TimeSource: Sendable {
    /// What decides.
    var monotonic: MonotonicInstant { get }
    /// What is shown.
    var wall: WallTime { get }
}

/// Those of the kernel.
struct MachineClock: TimeSource {
    var monotonic: MonotonicInstant { .now }
    var wall: WallTime { .now }
}

/// Threads for work that blocks.
package protocol WorkPool: Sendable {
    /// Has a thread carry out `body`; the future is completed on the loop.
    func run<Value: Sendable>(
        on loop: any EventLoop, _ body: @escaping @Sendable () throws -> Value
    ) -> EventLoopFuture<Value>
}

extension NIOThreadPool: WorkPool {
    package func run<Value: Sendable>(
        on loop: any EventLoop, _ body: @escaping @Sendable () throws -> Value
    ) -> EventLoopFuture<Value> {
        runIfActive(eventLoop: loop, body)
    }
}
