package import Model

/// The two clocks.
package protocol TimeSource: Sendable {
    /// What decides.
    var monotonic: MonotonicInstant { get }
    /// What is shown.
    var wall: WallTime { get }
}

extension TimeSource {
    /// Both at once.
    package var now: Moment { Moment(monotonic: monotonic, wall: wall) }
}
