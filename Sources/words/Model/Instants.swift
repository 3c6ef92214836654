/// A reading of CLOCK_BOOTTIME in nanoseconds. Decisions use it, as it survives clock steps and counts suspended time.
public struct MonotonicInstant: Hashable, Sendable, Comparable {
    /// Nanoseconds since the machine booted.
    public var nanoseconds: Int64

    /// An instant from nanoseconds since boot.
    public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    /// The natural order.
    public static func < (a: Self, b: Self) -> Bool { a.nanoseconds < b.nanoseconds }

    /// The time from `earlier` to this instant, negative when that is later. A span that does not fit is the longest one.
    public func since(_ earlier: Self) -> Nanoseconds {
        Nanoseconds(nanoseconds.saturatingSubtracting(earlier.nanoseconds))
    }

    /// This instant moved by a span, at most to the last instant.
    public func advanced(by span: Nanoseconds) -> Self {
        Self(nanoseconds: nanoseconds.saturatingAdding(span.count))
    }
}

/// A reading of CLOCK_REALTIME in nanoseconds since 1970. It is shown and recorded, and never decides.
public struct WallTime: Hashable, Sendable, Comparable {
    /// Nanoseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
    public var nanoseconds: Int64

    /// A time from nanoseconds since 1970.
    public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    /// Whole seconds since 1970, towards zero.
    public var seconds: Int64 { nanoseconds / 1_000_000_000 }

    /// The time from `earlier` to this one, negative when that is later. A span that does not fit is the longest one.
    public func since(_ earlier: Self) -> Nanoseconds {
        Nanoseconds(nanoseconds.saturatingSubtracting(earlier.nanoseconds))
    }

    /// This time moved by a span, at most to the last time.
    public func advanced(by span: Nanoseconds) -> Self {
        Self(nanoseconds: nanoseconds.saturatingAdding(span.count))
    }

    /// The natural order.
    public static func < (a: Self, b: Self) -> Bool { a.nanoseconds < b.nanoseconds }
}

/// A span of time in nanoseconds.
public struct Nanoseconds: Hashable, Sendable, Comparable {
    /// The span; negative spans are allowed.
    public var count: Int64

    /// A span of `count` nanoseconds.
    public init(_ count: Int64) { self.count = count }

    /// A span of whole microseconds, or the longest one.
    public static func microseconds(_ count: Int64) -> Self { Self(count.saturatingMultiplied(by: 1000)) }

    /// A span of whole milliseconds, or the longest one.
    public static func milliseconds(_ count: Int64) -> Self { Self(count.saturatingMultiplied(by: 1_000_000)) }

    /// A span of whole seconds, or the longest one.
    public static func seconds(_ count: Int64) -> Self { Self(count.saturatingMultiplied(by: 1_000_000_000)) }

    /// The empty span.
    public static let zero = Self(0)

    /// The natural order.
    public static func < (a: Self, b: Self) -> Bool { a.count < b.count }

    /// The sum, or the longest span.
    public static func + (a: Self, b: Self) -> Self { Self(a.count.saturatingAdding(b.count)) }

    /// The difference, or the longest span.
    public static func - (a: Self, b: Self) -> Self { Self(a.count.saturatingSubtracting(b.count)) }

    /// The span multiplied by `times`, or the longest one.
    public static func * (a: Self, times: Int64) -> Self { Self(a.count.saturatingMultiplied(by: times)) }

    /// The span with the other sign.
    public static prefix func - (span: Self) -> Self { .zero - span }

    /// Whole seconds, towards zero.
    public var wholeSeconds: Int64 { count / 1_000_000_000 }

    /// Milliseconds, rounded up, so that a wait is never too short.
    public var millisecondsUp: Int64 { count / 1_000_000 + (count % 1_000_000 > 0 ? 1 : 0) }  // bounded: divided before
}

/// One point in time read from both clocks at once.
public struct Moment: Hashable, Sendable {
    /// The reading that decides.
    public var monotonic: MonotonicInstant
    /// The reading that is shown.
    public var wall: WallTime

    /// A point in time from its two readings.
    public init(monotonic: MonotonicInstant, wall: WallTime) {
        self.monotonic = monotonic
        self.wall = wall
    }
}
