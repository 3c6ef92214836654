internal import Glibc
internal import Model

/// The time zone of this machine (tzset(3)).
public enum LocalZone {
    /// Seconds east of UTC and the zone's short name, at so many seconds since 1970 (localtime_r(3)); `nil` when it cannot be
    /// told.
    public static func at(_ seconds: Int64) -> (offset: Int, name: String)? {
        var time = time_t(seconds)
        var parts = tm()
        guard localtime_r(&time, &parts) != nil else { return nil }
        return (parts.tm_gmtoff, parts.tm_zone.map { String(cString: $0) } ?? "UTC")
    }
}

/// A date and a time of day as they are written. Parts that are out of their range count on into the next: month 13 is January.
public struct CalendarTime: Hashable, Sendable {
    /// Such as 2026.
    public var year: Int32
    /// From 1.
    public var month: Int32
    /// From 1.
    public var day: Int32
    /// From 0.
    public var hour: Int32 = 0
    /// From 0.
    public var minute: Int32 = 0
    /// From 0.
    public var second: Int32 = 0

    /// Midnight of a day.
    public init(year: Int32, month: Int32, day: Int32) {
        self.year = year
        self.month = month
        self.day = day
    }

    /// Seconds since 1970, in UTC (timegm(3)) or in this machine's zone (mktime(3)).
    public func seconds(inUTC: Bool) -> Int64 {
        var time = tm()
        time.tm_year = year.saturatingSubtracting(1900)
        time.tm_mon = month.saturatingSubtracting(1)
        time.tm_mday = day
        time.tm_hour = hour
        time.tm_min = minute
        time.tm_sec = second
        time.tm_isdst = -1
        return Int64(inUTC ? timegm(&time) : mktime(&time))
    }
}
