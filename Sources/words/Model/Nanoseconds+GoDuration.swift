extension Nanoseconds {
    /// A text that Go's `time.ParseDuration` refuses.
    public struct InvalidGoText: ReadableError, Hashable, Sendable {
        /// The message, in Go's words.
        public let message: String
    }

    /// A span in the grammar of Go's `time.ParseDuration`: `1h30m`, `300ms`, `1.5s`, `-2m`, `0`. A part of a nanosecond is cut
    /// off; more than 2^63 − 1 nanoseconds are refused.
    public init(goText text: String) throws(InvalidGoText) {
        let invalid = InvalidGoText(message: "time: invalid duration \"\(text)\"")
        var rest = text[...]
        let isNegative = rest.first == "-"
        if isNegative || rest.first == "+" { rest.removeFirst() }
        guard rest != "0" else {
            self = .zero
            return
        }
        guard !rest.isEmpty else { throw invalid }
        var total: Int64 = 0
        while !rest.isEmpty {
            let digits = rest.prefix(while: Self.isDigit)
            rest = rest.dropFirst(digits.count)
            var fraction: Substring = ""
            if rest.first == "." {
                rest.removeFirst()
                fraction = rest.prefix(while: Self.isDigit)
                rest = rest.dropFirst(fraction.count)
            }
            guard !digits.isEmpty || !fraction.isEmpty else { throw invalid }
            let name = rest.prefix { !Self.isDigit($0) && $0 != "." }
            rest = rest.dropFirst(name.count)
            guard !name.isEmpty else { throw InvalidGoText(message: "time: missing unit in duration \"\(text)\"") }
            guard let unit = Self.goUnits[String(name)] else {
                throw InvalidGoText(message: "time: unknown unit \"\(name)\" in duration \"\(text)\"")
            }
            guard let whole = digits.isEmpty ? 0 : Int64(digits) else { throw invalid }
            // bounded: below one unit.
            let part = Int64(saturating: (Double("0." + fraction) ?? 0) * Double(unit))
            let (span, overflow) = whole.multipliedReportingOverflow(by: unit)
            let sum = span.saturatingAdding(part)
            let (after, beyond) = total.addingReportingOverflow(sum)
            guard !overflow, !beyond, sum < .max else { throw invalid }
            total = after
        }
        self = isNegative ? -Nanoseconds(total) : Nanoseconds(total)
    }

    private static let goUnits: [String: Int64] = [
        "ns": 1, "us": 1_000, "µs": 1_000, "μs": 1_000, "ms": 1_000_000, "s": 1_000_000_000, "m": 60_000_000_000,
        "h": 3_600_000_000_000,
    ]

    private static func isDigit(_ character: Character) -> Bool { character.isASCII && character.isNumber }
}
