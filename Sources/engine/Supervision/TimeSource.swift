package import Model

/// The two clocks of the engine.
package protocol TimeSource: Sendable {
    /// The reading that decides.
    var monotonic: MonotonicInstant { get }
    /// The reading that is shown.
    var wall: WallTime { get }
}

extension TimeSource {
    /// Both readings.
    package var now: Moment { Moment(monotonic: monotonic, wall: wall) }
}
