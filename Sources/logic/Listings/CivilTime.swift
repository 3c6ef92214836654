internal import GoTemplate

/// An instant as a calendar shows it, in the forms Go prints.
public struct CivilTime: Sendable {
    /// How far a place's clock is from UTC.
    public struct Zone: Sendable {
        /// Seconds east of UTC.
        public let offset: Int
        /// The zone's abbreviation, such as `UTC` or `CET`.
        public let name: String

        /// Makes a zone.
        public init(offset: Int, name: String) {
            self.offset = offset
            self.name = name
        }

        /// Coordinated Universal Time.
        public static let utc = Zone(offset: 0, name: "UTC")
    }

    private let year: Int
    private let month: Int
    private let day: Int
    private let second: Int
    private let nanosecond: Int
    private let weekday: Int
    private let zone: Zone

    /// An instant in a zone.
    ///
    /// - Parameters:
    ///   - seconds: since 1970-01-01 UTC.
    ///   - nanoseconds: of the second.
    public init(seconds: Int64, nanoseconds: Int = 0, zone: Zone) {
        let local = Int(seconds) + zone.offset
        let days = local >= 0 ? local / 86400 : (local - 86399) / 86400
        second = local - days * 86400
        nanosecond = nanoseconds
        weekday = ((days + 4) % 7 + 7) % 7
        self.zone = zone
        // Howard Hinnant's civil_from_days: eras of 400 years that begin on March 1.
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
        month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    private static func padded(_ number: Int, _ width: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
    }

    private var date: String {
        "\(Self.padded(year, 4))-\(Self.padded(month, 2))-\(Self.padded(day, 2))"
    }

    private var clock: String {
        "\(Self.padded(second / 3600, 2)):\(Self.padded(second / 60 % 60, 2)):\(Self.padded(second % 60, 2))"
    }

    private func offset(colon: Bool) -> String {
        let minutes = abs(zone.offset) / 60
        let separator = colon ? ":" : ""
        return (zone.offset < 0 ? "-" : "+") + Self.padded(minutes / 60, 2) + separator + Self.padded(minutes % 60, 2)
    }

    /// Go's `Time.String`: `2026-11-24 01:12:42 +0000 UTC`.
    public var text: String { "\(date) \(clock) \(offset(colon: false)) \(zone.name)" }

    /// RFC 3339 to the second: `2026-11-24T01:12:42Z`.
    public var rfc3339: String { "\(date)T\(clock)" + (zone.offset == 0 ? "Z" : offset(colon: true)) }

    /// RFC 3339 with all nine digits of the nanoseconds.
    public var rfc3339Nano: String {
        "\(date)T\(clock).\(Self.padded(nanosecond, 9))" + (zone.offset == 0 ? "Z" : offset(colon: true))
    }

    /// Go's ANSIC layout: `Thu May  7 21:09:36 2026`.
    public var ansi: String {
        let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let dayText = day < 10 ? " \(day)" : "\(day)"
        return "\(weekdays[weekday]) \(months[month - 1]) \(dayText) \(clock) \(year)"
    }

    /// An RFC 3339 date as Go's `Time.String` shows it, its own offset kept; any other text as it is.
    public static func text(ofRFC3339 text: String) -> String {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes[10] == UInt8(ascii: "T") else { return text }
        let day = GoText.string(bytes[..<10])
        if bytes.last == UInt8(ascii: "Z") { return "\(day) \(GoText.string(bytes[11...].dropLast())) +0000 UTC" }
        let offset = GoText.string(bytes.suffix(6).filter { $0 != UInt8(ascii: ":") })
        return "\(day) \(GoText.string(bytes[11...].dropLast(6))) \(offset) \(offset)"
    }

    /// An RFC 3339 date as Go's ANSIC layout shows it, its own offset kept; any other text as it is.
    public static func reformatted(_ text: String) -> String {
        let bytes = Array(text.utf8)
        func number(_ start: Int, _ count: Int) -> Int? {
            guard start + count <= bytes.count else { return nil }
            return Int(GoText.string(bytes[start..<start + count]))
        }
        guard bytes.count >= 20, bytes[10] == UInt8(ascii: "T"), let year = number(0, 4), let month = number(5, 2),
            let day = number(8, 2), let hour = number(11, 2), let minute = number(14, 2), let second = number(17, 2),
            (1...12).contains(month)
        else { return text }
        let days = daysSinceEpoch(year, month, day)
        let seconds = Int64(days * 86400 + hour * 3600 + minute * 60 + second)
        return CivilTime(seconds: seconds, zone: .utc).ansi
    }

    private static func daysSinceEpoch(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}
