/// Floating-point numbers as Go's strconv writes them.
public enum GoFloat {
    /// The shortest text that reads back as the same number: `%v`.
    public static func general(_ value: Double) -> String {
        guard value.isFinite else { return special(value) }
        let (negative, digits, exponent) = shortest(value)
        // %v switches to an exponent below 1e-4 and from 1e21 on.
        if exponent < -4 || exponent >= 21 {
            return scientific(negative, digits, exponent)
        }
        return positional(negative, digits, exponent)
    }

    /// `%.Ng`: N significant digits, trailing zeros dropped.
    public static func general(_ value: Double, precision: Int) -> String {
        guard value.isFinite else { return special(value) }
        let wanted = max(precision, 1)
        var (digits, exponent) = rounded(value.magnitude, significant: wanted)
        while digits.count > 1, digits.last == 0 { digits.removeLast() }
        let negative = value.sign == .minus
        if exponent < -4 || exponent >= wanted { return scientific(negative, digits, exponent) }
        return positional(negative, digits, exponent)
    }

    /// `%.Nf`: N digits behind the point.
    public static func fixed(_ value: Double, precision: Int) -> String {
        guard value.isFinite else { return special(value) }
        let (whole, fraction) = Decimal(value.magnitude).rounded(places: precision)
        let text = whole.map(String.init).joined() + (precision > 0 ? "." + fraction.map(String.init).joined() : "")
        return (value.sign == .minus ? "-" : "") + text
    }

    /// `%.Ne`: one digit, the point, N digits and an exponent of at least two digits.
    static func exponential(_ value: Double, precision: Int) -> String {
        guard value.isFinite else { return special(value) }
        let (digits, exponent) = rounded(value.magnitude, significant: precision + 1)
        return scientific(value.sign == .minus, digits, exponent)
    }

    private static func special(_ value: Double) -> String {
        value.isNaN ? "NaN" : value < 0 ? "-Inf" : "+Inf"
    }

    private static func shortest(_ value: Double) -> (negative: Bool, digits: [UInt8], exponent: Int) {
        var digits: [UInt8] = []
        var exponent = 0
        var afterPoint = 0
        var seenPoint = false
        // Swift prints the shortest digits too, only laid out otherwise.
        let parts = value.magnitude.description.split(separator: "e")
        for byte in parts[0].utf8 {
            if byte == UInt8(ascii: ".") {
                seenPoint = true
            } else {
                digits.append(byte - UInt8(ascii: "0"))
                if seenPoint { afterPoint += 1 }
            }
        }
        if parts.count > 1 { exponent = Int(parts[1]) ?? 0 }
        exponent += digits.count - afterPoint - 1
        while digits.count > 1, digits.first == 0 {
            digits.removeFirst()
            exponent -= 1
        }
        while digits.count > 1, digits.last == 0 { digits.removeLast() }
        if digits == [0] { exponent = 0 }
        return (value.sign == .minus, digits, exponent)
    }

    private static func rounded(_ magnitude: Double, significant: Int) -> (digits: [UInt8], exponent: Int) {
        guard magnitude > 0 else { return (Array(repeating: 0, count: significant), 0) }
        return Decimal(magnitude).rounded(significant: significant)
    }

    private static func scientific(_ negative: Bool, _ digits: [UInt8], _ exponent: Int) -> String {
        var text = (negative ? "-" : "") + String(digits[0])
        if digits.count > 1 { text += "." + digits.dropFirst().map(String.init).joined() }
        let magnitude = String(abs(exponent))
        return text + "e" + (exponent < 0 ? "-" : "+") + (magnitude.count < 2 ? "0" : "") + magnitude
    }

    private static func positional(_ negative: Bool, _ digits: [UInt8], _ exponent: Int) -> String {
        var text = negative ? "-" : ""
        if exponent < 0 {
            text += "0." + String(repeating: "0", count: -exponent - 1) + digits.map(String.init).joined()
            return text
        }
        for place in 0...max(exponent, digits.count - 1) {
            if place == exponent + 1 { text += "." }
            text += place < digits.count ? String(digits[place]) : "0"
        }
        return text
    }
}

/// The exact decimal digits of a finite, non-negative double.
struct Decimal {
    /// Digits before and behind the point, most significant first.
    private let whole: [UInt8]
    private let fraction: [UInt8]

    init(_ value: Double) {
        guard value > 0 else {
            (whole, fraction) = ([0], [])
            return
        }
        // value = significand * 2^power exactly.
        let power = Int(value.exponent) - 52
        var significand = UInt64(value.significandBitPattern)
        if value.isNormal { significand |= 1 << 52 }
        let scale = value.isNormal ? power : -1074
        var digits = Decimal.digits(significand)
        var places = 0
        if scale >= 0 {
            for _ in 0..<scale { Decimal.multiply(&digits, by: 2) }
        } else {
            // Dividing by two is multiplying by five and moving the point.
            for _ in 0..<(-scale) { Decimal.multiply(&digits, by: 5) }
            places = -scale
        }
        while digits.count <= places { digits.append(0) }
        whole = Array(digits[places...].reversed())
        fraction = Array(digits[..<places].reversed())
    }

    /// Least significant digit first.
    private static func digits(_ value: UInt64) -> [UInt8] {
        var value = value
        var result: [UInt8] = []
        repeat {
            result.append(UInt8(value % 10))
            value /= 10
        } while value > 0
        return result
    }

    private static func multiply(_ digits: inout [UInt8], by factor: UInt8) {
        var carry: UInt8 = 0
        for index in digits.indices {
            let product = digits[index] * factor + carry
            digits[index] = product % 10
            carry = product / 10
        }
        if carry > 0 { digits.append(carry) }
    }

    /// Rounds half to even at a count of places behind the point.
    func rounded(places: Int) -> (whole: [UInt8], fraction: [UInt8]) {
        let (all, carried) = Decimal.round(whole + fraction, keep: whole.count + places)
        let count = whole.count + (carried ? 1 : 0)
        return (Array(all.prefix(count)), Array(all.dropFirst(count)))
    }

    /// Rounds half to even to a count of significant digits; the exponent is of the first of them.
    func rounded(significant: Int) -> (digits: [UInt8], exponent: Int) {
        let all = whole + fraction
        let first = all.firstIndex { $0 != 0 } ?? 0
        let (digits, carried) = Decimal.round(Array(all[first...]), keep: significant)
        let exponent = whole.count - 1 - first + (carried ? 1 : 0)
        return (Array(digits.prefix(significant)), exponent)
    }

    private static func round(_ digits: [UInt8], keep: Int) -> (digits: [UInt8], carried: Bool) {
        guard keep < digits.count else {
            return (digits + Array(repeating: 0, count: keep - digits.count), false)
        }
        var kept = Array(digits[..<keep])
        let rest = digits[keep...]
        let half = rest.first ?? 0
        let beyond = rest.dropFirst().contains { $0 != 0 }
        let isOdd = (kept.last ?? 0) % 2 == 1
        guard half > 5 || (half == 5 && (beyond || isOdd)) else { return (kept, false) }
        var index = keep - 1
        while index >= 0 {
            if kept[index] < 9 {
                kept[index] += 1
                return (kept, false)
            }
            kept[index] = 0
            index -= 1
        }
        return ([1] + kept, true)
    }
}
