extension Nanoseconds {
    /// The span as Go's `time.Duration` prints it: `1m30s`, `1.5s`, `250ms`.
    public var goText: String {
        if count == 0 { return "0s" }
        let sign = count < 0 ? "-" : ""
        let span = count.magnitude
        if span < 1_000_000_000 {
            for (unit, size) in [("ms", 1_000_000), ("µs", 1_000)] as [(String, UInt64)] where span >= size {
                return sign + Self.decimal(span, size) + unit
            }
            return sign + "\(span)ns"
        }
        let (minutes, rest) = span.quotientAndRemainder(dividingBy: 60_000_000_000)
        let seconds = Self.decimal(rest, 1_000_000_000) + "s"
        if minutes == 0 { return sign + seconds }
        return sign + (minutes >= 60 ? "\(minutes / 60)h" : "") + "\(minutes % 60)m" + seconds
    }

    /// The quotient, with as many decimals as it needs.
    private static func decimal(_ span: UInt64, _ unit: UInt64) -> String {
        let (whole, rest) = span.quotientAndRemainder(dividingBy: unit)
        if rest == 0 { return "\(whole)" }
        var digits = String(String(rest + unit).dropFirst())
        while digits.hasSuffix("0") { digits.removeLast() }
        return "\(whole).\(digits)"
    }
}
