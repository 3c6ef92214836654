import Linux
package import Model

/// Dates and times without an offset, in the local time zone: `2013-01-02`, `2013-01-02T15:04`, with seconds and a
/// fraction.
package enum LocalTime {
    /// The point in time; `nil` for other text.
    package static func parse(_ text: String) -> WallTime? {
        let halves = text.split(byte: "T", maxSplits: 1, omittingEmptySubsequences: false)
        let zoned = halves.count == 2 && halves[1].hasSuffix("Z")
        let date =
            (zoned || halves.count == 1 && text.hasSuffix("Z") ? halves[0].filter { $0 != "Z" } : String(halves[0]))
            .split(byte: "-", omittingEmptySubsequences: false).map { Int32($0) }
        guard date.count == 3, let year = date[0], let month = date[1], let day = date[2] else { return nil }
        var time = CalendarTime(year: year, month: month, day: day)
        var fraction: Int64 = 0
        if halves.count == 2 {
            let clock = halves[1].filter { $0 != "Z" }.split(byte: ":", omittingEmptySubsequences: false)
            guard (1...3).contains(clock.count), let hour = Int32(clock[0]) else { return nil }
            time.hour = hour
            if clock.count > 1 {
                guard let minute = Int32(clock[1]) else { return nil }
                time.minute = minute
            }
            if clock.count > 2 {
                let seconds = clock[2].split(byte: ".", maxSplits: 1)
                guard let whole = seconds.first.flatMap({ Int32($0) }) else { return nil }
                time.second = whole
                if seconds.count == 2 {
                    let digits = (seconds[1] + "000000000").prefix(9)
                    guard let nanoseconds = Int64(digits) else { return nil }
                    fraction = nanoseconds
                }
            }
        }
        return WallTime(nanoseconds: 0).advanced(by: .seconds(time.seconds(inUTC: text.hasSuffix("Z")))).advanced(
            by: Nanoseconds(fraction))
    }
}
