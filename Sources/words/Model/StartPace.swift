/// How quickly a supervisor that comes up starts what it finds down, so that a machine that boots is not overrun by its own
/// containers, nor a network by machines that boot together.
public struct StartPace: Hashable, Sendable {
    /// Starts per second in the long run; 0 is no bound.
    public var perSecond: Int
    /// How many of them may come at once before the rate counts; at least 1.
    public var burst: Int
    /// By how much each is put off at most, at random.
    public var jitter: Nanoseconds
    /// How long one waits for those that it needs before it is started without them.
    public var patience: Nanoseconds

    /// 50 per second, 10 at once, put off by up to 20 ms, waiting for a minute.
    public static let standard = StartPace(
        perSecond: 50, burst: 10, jitter: .milliseconds(20), patience: .seconds(60))

    /// A pace by its parts.
    public init(perSecond: Int, burst: Int, jitter: Nanoseconds, patience: Nanoseconds) {
        self.perSecond = max(0, perSecond)
        self.burst = max(1, burst)
        self.jitter = max(.zero, jitter)
        self.patience = max(.zero, patience)
    }

    /// The time between two starts in the long run.
    package var spacing: Nanoseconds {
        perSecond <= 0 ? .zero : Nanoseconds(Nanoseconds.seconds(1).count / Int64(clamping: perSecond))
    }

    /// By how much starts may run ahead of that.
    // bounded: spans saturate.
    package var allowance: Nanoseconds { spacing * Int64(clamping: max(0, burst.saturatingSubtracting(1))) }

    /// From how many moments that of a start is drawn, a nanosecond apart; at least one.
    package var draws: UInt64 { UInt64(clamping: jitter.count).saturatingAdding(1) }
}
