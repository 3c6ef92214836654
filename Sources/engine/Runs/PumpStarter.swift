package import Linux
package import Supervision

/// What the pump needs of the world.
package struct PumpStarter: Sendable {
    /// Where the time is read.
    package var clock: any TimeSource
    /// Where it is noted on which container a thread works.
    package var faults: FaultNote?
    /// Has a thread make the pump and run it.
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
