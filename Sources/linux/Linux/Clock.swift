import CLinux
public import Model

extension MonotonicInstant {
    /// CLOCK_BOOTTIME now.
    public static var now: MonotonicInstant { MonotonicInstant(nanoseconds: clinux_clock_boottime()) }
}

/// The time for which the machine was awake.
public enum AwakeClock {
    /// CLOCK_MONOTONIC now: since boot, without the time that the machine was suspended.
    public static var now: Nanoseconds { Nanoseconds(clinux_clock_monotonic()) }
}

extension WallTime {
    /// CLOCK_REALTIME now.
    public static var now: WallTime { WallTime(nanoseconds: clinux_clock_realtime()) }
}
