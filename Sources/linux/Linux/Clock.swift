import CLinux
public import Model

extension MonotonicInstant {
    /// CLOCK_BOOTTIME now.
    public static var now: MonotonicInstant { MonotonicInstant(nanoseconds: clinux_clock_boottime()) }
}

extension WallTime {
    /// CLOCK_REALTIME now.
    public static var now: WallTime { WallTime(nanoseconds: clinux_clock_realtime()) }
}
