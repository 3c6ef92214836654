import Model

/// Durations as Go writes them: `1h30m`, `300ms`, `1.5s`, `-2m`.
enum GoDuration {
    private static let units: [(name: String, nanoseconds: Double)] = [
        ("ns", 1), ("us", 1e3), ("µs", 1e3), ("μs", 1e3), ("ms", 1e6), ("s", 1e9), ("m", 60e9), ("h", 3600e9),
    ]

    /// Nanoseconds; `nil` when the text is no duration.
    static func parse(_ text: String) -> Int64? {
        var rest = text[...]
        let negative = rest.first == "-"
        if negative || rest.first == "+" { rest.removeFirst() }
        if rest == "0" { return 0 }
        guard !rest.isEmpty else { return nil }
        var total = 0.0
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && $0.isNumber || $0 == "." }
            guard let number = Double(digits.last == "." ? digits + "0" : digits) else { return nil }
            rest = rest.dropFirst(digits.count)
            let name = rest.prefix { !($0.isASCII && $0.isNumber) && $0 != "." }
            guard let unit = units.first(where: { $0.name == name }) else { return nil }
            // bounded: a floating number.
            total += number * unit.nanoseconds
            rest = rest.dropFirst(name.count)
        }
        guard total < Double(Int64.max) else { return nil }
        return Int64(saturating: negative ? -total : total)
    }
}
