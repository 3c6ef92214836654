extension Nanoseconds: CustomStringConvertible {
    /// The span as a person reads it: `0.3 ms`, `100 ms`, `1.6 s`, `2 min 5 s`, `3 h 10 min`.
    public var description: String {
        if count < 0 { return "-" + (-self).description }
        let milliseconds = count / 1_000_000
        if milliseconds < 10 { return Self.tenths(count / 100_000) + " ms" }
        if milliseconds < 1000 { return "\(milliseconds) ms" }
        let seconds = milliseconds / 1000
        if seconds < 60 { return Self.tenths(milliseconds / 100) + " s" }
        let minutes = seconds / 60
        if minutes < 60 { return "\(minutes) min" + (seconds % 60 == 0 ? "" : " \(seconds % 60) s") }
        return "\(minutes / 60) h" + (minutes % 60 == 0 ? "" : " \(minutes % 60) min")
    }

    private static func tenths(_ count: Int64) -> String {
        count % 10 == 0 ? "\(count / 10)" : "\(count / 10).\(count % 10)"
    }
}
