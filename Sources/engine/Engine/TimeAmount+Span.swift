public import Model
public import NIOCore

extension TimeAmount {
    /// How long a timer may be set for at most. The loop adds its own clock to it, which must not overflow; no machine is up
    /// for so long: 100 years.
    private static let longest = Nanoseconds.seconds(3_153_600_000)

    /// What is left of a span: nothing of a negative one, and of one that is longer than any machine runs so long.
    public init(_ span: Nanoseconds) {
        self = .nanoseconds(min(max(.zero, span), Self.longest).count)
    }
}
