internal import Model

/// The text of a time, `2026-01-02T03:04:05.123456789Z`; the part down to the second is kept between two calls.
struct LogStamp {
    /// Length of the text with all nine decimals.
    static let fixedLength = 30

    private(set) var text = [UInt8](repeating: 0x30, count: fixedLength)
    /// Length of the text without the fraction's trailing zeros, as Docker's json-file has it; the `Z` counted.
    private(set) var trimmedLength = fixedLength
    private var second = Int64.min
    private var shown: WallTime?

    mutating func set(_ time: WallTime) {
        if shown == time { return }
        shown = time
        var (second, fraction) = time.nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
        if fraction < 0 {
            second -= 1
            fraction += 1_000_000_000
        }
        if second != self.second {
            self.second = second
            setDate(second)
        }
        var digits = 9
        for place in (20..<29).reversed() {
            text[place] = 0x30 + UInt8(fraction % 10)
            fraction /= 10
        }
        while digits > 0, text[19 + digits] == 0x30 { digits -= 1 }
        trimmedLength = digits == 0 ? 20 : 21 + digits
    }

    private mutating func setDate(_ second: Int64) {
        let date = CivilDate(secondsSince1970: second)
        put(date.year, 0, 4)
        put(date.month, 5, 2)
        put(date.day, 8, 2)
        put(date.hour, 11, 2)
        put(date.minute, 14, 2)
        put(date.second, 17, 2)
        for (place, byte) in zip([4, 7, 10, 13, 16, 19, 29], "--T::.Z".utf8) { text[place] = byte }
    }

    private mutating func put(_ value: Int64, _ place: Int, _ width: Int) {
        var rest = max(0, value)
        for index in (place..<place + width).reversed() {
            text[index] = 0x30 + UInt8(rest % 10)
            rest /= 10
        }
    }
}
