internal import Containers
public import Model
public import NIOCore

extension TimeAmount {
    /// Longest time of a timer: 100 years. The loop adds its own clock to it, which must not overflow, and no machine is up for
    /// so long.
    private static let longest = Nanoseconds.seconds(3_153_600_000)

    /// A span for a timer: zero for a negative one, at most 100 years for a longer one.
    public init(_ span: Nanoseconds) {
        self = .nanoseconds(min(max(.zero, span), Self.longest).count)
    }
}
