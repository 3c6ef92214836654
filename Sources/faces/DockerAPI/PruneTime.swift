public import Model

/// The `until` filter of prunes: a time, or how long ago as Go writes durations (`24h`, `1h30m`).
public enum PruneTime {
    private static let units: [(name: String, nanoseconds: Double)] = [
        ("ns", 1), ("us", 1e3), ("ms", 1e6), ("s", 1e9), ("m", 6e10), ("h", 3.6e12),
    ]

    /// The time that is meant.
    public static func parse(_ text: String, now: WallTime) throws(RequestError) -> WallTime {
        if let span = duration(text) { return now.advanced(by: -Nanoseconds(span)) }
        guard let time = try RequestTime.parse(text) else { throw .invalid("invalid filter 'until=\(text)'") }
        return time
    }

    /// A Go duration in nanoseconds; `nil` when the text is none.
    static func duration(_ text: String) -> Int64? {
        var rest = text[...]
        var total = 0.0
        guard !rest.isEmpty else { return nil }
        while !rest.isEmpty {
            let number = rest.prefix { $0.isNumber || $0 == "." }
            rest = rest.dropFirst(number.count)
            let name = rest.prefix { $0.isLetter }
            rest = rest.dropFirst(name.count)
            guard let value = Double(number), let unit = units.first(where: { $0.name == name }) else { return nil }
            // bounded: a floating number.
            total += value * unit.nanoseconds
        }
        return Int64(exactly: total.rounded())
    }
}
