#if !hasFeature(Embedded)
    public import Model
#endif

/// What the decisions remember about a container from one run to the next.
public struct RestartHistory: Hashable, Sendable {
    /// Automatic restarts since the last start by a user or a supervisor: Docker's `RestartCount`. A long healthy run
    /// does not reset it, so the bound of `on-failure` is for the whole time since that start.
    public var count: Int
    /// The delay of the last restart; `nil` before the first.
    public var delay: Nanoseconds?
    /// The user's stop that no start has lifted yet.
    public var userStop: UserStop?
    /// When the present or last run began; meaningless after a reboot, as the clock began anew.
    public var lastStart: MonotonicInstant?

    /// The history of a container that was never started.
    public init(
        count: Int = 0, delay: Nanoseconds? = nil, userStop: UserStop? = nil, lastStart: MonotonicInstant? = nil
    ) {
        self.count = count
        self.delay = delay
        self.userStop = userStop
        self.lastStart = lastStart
    }

    /// The count and the delay as a start by a user or a supervisor leaves them. The user's stop is not lifted here:
    /// only a start that succeeds does that.
    public func resetForStart() -> RestartHistory {
        RestartHistory(count: 0, delay: nil, userStop: userStop, lastStart: lastStart)
    }
}
