internal import Glibc
internal import Model

/// The wall clock, for what is shown; nothing is decided by it.
enum WallClock {
    /// CLOCK_REALTIME.
    static var now: WallTime {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return WallTime(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }
}
