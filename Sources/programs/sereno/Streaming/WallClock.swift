import Glibc
import Model

extension WallTime {
    /// The time now.
    static func now() -> WallTime {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return WallTime(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }

    /// Seconds and nanoseconds with a point between, as the Engine API takes points in time.
    var apiText: String {
        let (seconds, fraction) = nanoseconds.magnitude.quotientAndRemainder(dividingBy: 1_000_000_000)
        let digits = String(fraction)
        return (nanoseconds < 0 ? "-" : "") + "\(seconds)."
            + String(repeating: "0", count: max(0, 9 - digits.utf8.count)) + digits
    }
}

extension MonotonicInstant {
    /// The time now, by the clock that counts suspended time.
    static func now() -> MonotonicInstant {
        var time = timespec()
        clock_gettime(CLOCK_BOOTTIME, &time)
        return MonotonicInstant(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }
}
