package import Linux
package import Supervision

/// Dependencies of the pump.
package struct PumpStarter: Sendable {
    /// Source of the time.
    package var clock: any TimeSource
    /// Note of the container that a thread works on, for faults.
    package var faults: FaultNote?
    /// Starts a thread that makes the pump and runs it.
    package var start: @Sendable (@escaping @Sendable () -> PumpLoop?) throws -> Void

    package init(
        clock: any TimeSource, faults: FaultNote?,
        start: @escaping @Sendable (@escaping @Sendable () -> PumpLoop?) throws -> Void
    ) {
        self.clock = clock
        self.faults = faults
        self.start = start
    }
}
