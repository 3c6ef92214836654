internal import Engine
internal import Isolation
internal import Linux
internal import Model
internal import NIOCore
internal import Records
internal import Runs
internal import Supervision

extension Surroundings {
    /// Surroundings of the machine that this process runs on.
    static func machine(_ configuration: EngineConfiguration) throws -> Surroundings {
        Surroundings(
            clock: MachineClock(),
            makeID: {
                var random = SystemRandomNumberGenerator()
                return ContainerID.random(using: &random)
            },
            supervision: .machine(), clients: .machine(),
            isolation: try RuntimeSet(oci: configuration.runtimes, standard: configuration.defaultRuntime),
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
private struct MachineClock: TimeSource {
    var monotonic: MonotonicInstant { .now }
    var wall: WallTime { .now }
}
