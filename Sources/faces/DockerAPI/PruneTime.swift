public import Model

/// The `until` filter of prunes: a time, or an age as Go writes durations (`24h`, `1h30m`).
public enum PruneTime {
    /// The time that the filter names; an age is subtracted from `now`.
    public static func parse(_ text: String, now: WallTime) throws(RequestError) -> WallTime {
        if text != "0", let span = try? Nanoseconds(goText: text) { return now.advanced(by: -span) }
        guard let time = try RequestTime.parse(text) else { throw .invalid("invalid filter 'until=\(text)'") }
        return time
    }
}
