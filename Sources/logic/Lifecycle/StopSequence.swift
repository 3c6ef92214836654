public import Model

/// A signal, and how long the process has to end before the next.
public struct StopStep: Hashable, Sendable {
    /// The signal, sent to the container's first process.
    public var signal: Signal
    /// The time to end; `nil` waits for ever.
    public var grace: Nanoseconds?

    /// A step from its parts.
    public init(signal: Signal, grace: Nanoseconds?) {
        self.signal = signal
        self.grace = grace
    }
}

/// Signals and graces in order. After the last grace always comes KILL for the whole control group, so that no
/// sequence can end without an end of the container.
public struct StopSequence: Hashable, Sendable {
    /// The steps before the final KILL; none is a KILL at once.
    public var steps: [StopStep]

    /// How long a KILL has before it is repeated and reported, as dockerd waits before it gives up: 10 s.
    public static let killGrace = Nanoseconds.seconds(10)

    /// A sequence from its steps; the final KILL need not be named.
    public init(steps: [StopStep]) { self.steps = steps }

    /// Docker's: the stop signal, `timeout` seconds, KILL. A negative timeout waits for ever.
    public init(signal: Signal, timeout: Int) {
        steps = [StopStep(signal: signal, grace: timeout < 0 ? nil : .seconds(Int64(clamping: min(timeout, 1 << 31))))]
    }

    /// KILL at once.
    public static let kill = StopSequence(steps: [])

    /// The first signal it sends.
    public var firstSignal: Signal { steps.first?.signal ?? .kill }
}
