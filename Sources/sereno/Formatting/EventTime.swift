import Glibc
import GoTemplate

/// The values of `--since` and `--until`, as the Engine API takes them: seconds since 1970.
enum EventTime {
    /// Reads a Unix time, a duration before now such as `10m`, or a date.
    ///
    /// - Throws: `ExitFailure` with docker's text for anything else.
    static func parameter(_ text: String, now: Double) throws -> String {
        if let duration = GoDuration.parse(text) {
            let instant = now - Double(duration) / 1e9
            return GoFloat.fixed(instant, precision: 9)
        }
        if let date = date(text) { return date }
        guard text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy({ Int64($0) != nil }) else {
            throw ExitFailure("failed to parse value as time or duration: \(quoted(text))")
        }
        return text
    }

    /// Dates with as many parts as are given, in local time unless they name a zone.
    private static func date(_ text: String) -> String? {
        var rest = Substring(text)
        guard let year = number(&rest, 4), take("-", &rest), let month = number(&rest, 2), take("-", &rest),
            let day = number(&rest, 2)
        else { return nil }
        var clock = [0, 0, 0]
        if take("T", &rest) {
            for place in 0..<3 {
                if place > 0, !take(":", &rest) { break }
                guard let value = number(&rest, 2) else { return nil }
                clock[place] = value
            }
        }
        guard let (fraction, offset) = remainder(rest) else { return nil }
        var parts = tm()
        parts.tm_year = Int32(year - 1900)
        parts.tm_mon = Int32(month - 1)
        parts.tm_mday = Int32(day)
        parts.tm_hour = Int32(clock[0])
        parts.tm_min = Int32(clock[1])
        parts.tm_sec = Int32(clock[2])
        parts.tm_isdst = -1
        let seconds = offset.map { timegm(&parts) - $0 } ?? mktime(&parts)
        return "\(seconds).\(fraction)"
    }

    private static func number(_ rest: inout Substring, _ digits: Int) -> Int? {
        let text = rest.prefix(digits)
        guard text.utf8.count == digits, text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        rest = rest.dropFirst(digits)
        return Int(text)
    }

    private static func take(_ separator: Character, _ rest: inout Substring) -> Bool {
        guard rest.first == separator else { return false }
        rest = rest.dropFirst()
        return true
    }

    /// What may follow the seconds: a fraction and a zone.
    private static func remainder(_ text: Substring) -> (fraction: String, offset: Int?)? {
        var rest = text
        var fraction = ""
        if rest.first == "." {
            fraction = String(rest.dropFirst().prefix { $0.isNumber }.prefix(9))
            rest = rest.dropFirst().drop { $0.isNumber }
        }
        fraction += String(repeating: "0", count: 9 - fraction.count)
        if rest.isEmpty { return (fraction, nil) }
        if rest == "Z" { return (fraction, 0) }
        guard let sign = rest.first, sign == "+" || sign == "-" else { return nil }
        let numbers = rest.dropFirst().split(separator: ":").map { Int($0) }
        guard numbers.count == 2, let hours = numbers[0], let minutes = numbers[1] else { return nil }
        let offset = hours * 3600 + minutes * 60
        return (fraction, sign == "-" ? -offset : offset)
    }
}
