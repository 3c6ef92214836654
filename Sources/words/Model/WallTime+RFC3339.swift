extension WallTime {
    /// RFC 3339 in UTC with nine decimals, trailing zeros dropped as Go's RFC3339Nano does: `2026-01-02T03:04:05.6Z`. Nanosecond
    /// zero gives Docker's `0001-01-01T00:00:00Z`.
    public var rfc3339Nano: String {
        if nanoseconds == 0 { return "0001-01-01T00:00:00Z" }
        return text(fractionDigits: nil)
    }

    /// RFC 3339 in UTC with all nine decimals, so that the text sorts as the time does.
    public var rfc3339Fixed: String { text(fractionDigits: 9) }

    private func text(fractionDigits: Int?) -> String {
        var (seconds, fraction) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
        if fraction < 0 {
            seconds -= 1
            fraction += 1_000_000_000
        }
        let date = CivilDate(secondsSince1970: seconds)
        var digits = padded(fraction, 9)
        if fractionDigits == nil {
            while digits.utf8.last == 0x30 { digits.removeLast() }
        }
        let day = "\(padded(date.year, 4))-\(padded(date.month, 2))-\(padded(date.day, 2))"
        let time = "\(padded(date.hour, 2)):\(padded(date.minute, 2)):\(padded(date.second, 2))"
        return digits.isEmpty ? "\(day)T\(time)Z" : "\(day)T\(time).\(digits)Z"
    }

    /// A time from RFC 3339 with an optional fraction and `Z` or a numeric offset; `nil` for any other text. Times beyond `Int64`
    /// nanoseconds are the first or the last.
    public init?(rfc3339 text: some StringProtocol) {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes[4] == 0x2D, bytes[7] == 0x2D, bytes[10] == 0x54 || bytes[10] == 0x20,
            bytes[13] == 0x3A, bytes[16] == 0x3A
        else { return nil }
        func number(_ range: Range<Int>) -> Int64? {
            guard range.upperBound <= bytes.count else { return nil }
            var value: Int64 = 0
            for byte in bytes[range] {
                guard (0x30...0x39).contains(byte) else { return nil }
                value = value * 10 + Int64(byte - 0x30)
            }
            return value
        }
        guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10),
            let hour = number(11..<13), let minute = number(14..<16), let second = number(17..<19),
            (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second <= 60
        else { return nil }
        var at = 19
        var fraction: Int64 = 0
        if bytes[at] == 0x2E {
            at += 1
            var scale: Int64 = 100_000_000
            let start = at
            while at < bytes.count, (0x30...0x39).contains(bytes[at]) {
                fraction += Int64(bytes[at] - 0x30) * scale
                scale /= 10
                at += 1
            }
            if at == start { return nil }
        }
        guard at < bytes.count else { return nil }
        var offset: Int64 = 0
        switch bytes[at] {
        case 0x5A, 0x7A:
            guard at + 1 == bytes.count else { return nil }
        case 0x2B, 0x2D:
            guard bytes.count == at + 6, bytes[at + 3] == 0x3A, let h = number(at + 1..<at + 3),
                let m = number(at + 4..<at + 6)
            else { return nil }
            offset = (h * 3600 + m * 60) * (bytes[at] == 0x2D ? -1 : 1)
        default: return nil
        }
        let days = CivilDate.daysSince1970(year: year, month: month, day: day)
        let (whole, overflow) = (days * 86_400 + hour * 3600 + minute * 60 + second - offset)
            .multipliedReportingOverflow(by: 1_000_000_000)
        // Times before 1677 and after 2262 do not fit, and become the first or the last one. Go's zero time is such a time.
        if overflow {
            self.init(nanoseconds: year < 1970 ? .min : .max)
            return
        }
        self.init(nanoseconds: whole.saturatingAdding(fraction))
    }
}

private func padded(_ value: Int64, _ width: Int) -> String {
    let text = String(value)
    return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
}

/// A proleptic Gregorian date and time of day in UTC.
public struct CivilDate: Equatable, Sendable {
    /// The year, astronomical: 0 is 1 BC.
    public let year: Int64
    /// The month, 1 to 12.
    public let month: Int64
    /// The day of the month, 1 to 31.
    public let day: Int64
    /// The hour, 0 to 23.
    public let hour: Int64
    /// The minute, 0 to 59.
    public let minute: Int64
    /// The second, 0 to 59.
    public let second: Int64

    /// The date of a count of seconds since 1970, by Howard Hinnant's `civil_from_days`.
    public init(secondsSince1970 seconds: Int64) {
        var days = seconds / 86_400
        var rest = seconds % 86_400
        if rest < 0 {
            rest += 86_400
            days -= 1
        }
        days += 719_468
        let era = (days >= 0 ? days : days - 146_096) / 146_097
        let dayOfEra = days - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shifted + 2) / 5 + 1
        month = shifted < 10 ? shifted + 3 : shifted - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        hour = rest / 3600
        minute = rest % 3600 / 60
        second = rest % 60
    }

    /// Days from 1970-01-01 to a date; the inverse of `init(secondsSince1970:)`.
    public static func daysSince1970(year: Int64, month: Int64, day: Int64) -> Int64 {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }
}
