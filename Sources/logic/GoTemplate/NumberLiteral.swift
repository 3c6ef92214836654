/// A number as a template writes it: `7`, `-0x1f`, `1_000`, `1.5e3`.
struct NumberLiteral {
    let integer: Int64?
    let double: Double
    /// Whether it was read as an integer and not through a double.
    let isExact: Bool

    /// Reads a literal; nil when Go would refuse it.
    init?(_ text: String) {
        guard let stripped = NumberLiteral.strippingUnderscores(text) else { return nil }
        var digits = stripped[...]
        let isNegative = digits.first == "-"
        if digits.first == "-" || digits.first == "+" { digits = digits.dropFirst() }
        guard let first = digits.first, first.isNumber || first == "." else { return nil }
        if let magnitude = NumberLiteral.magnitude(digits) {
            integer = isNegative ? 0 &- magnitude : magnitude
            double = Double(isNegative ? -magnitude : magnitude)
            isExact = true
            return
        }
        guard let value = Double(String(digits)) else { return nil }
        double = isNegative ? -value : value
        isExact = false
        // Go lets a float that is a whole number stand where an integer is wanted.
        let fits = value.rounded(.towardZero) == value && value.magnitude < 9e18
        integer = fits ? Int64(double) : nil
    }

    private static func strippingUnderscores(_ text: String) -> String? {
        guard text.contains("_") else { return text }
        guard !text.hasSuffix("_"), !text.hasPrefix("_") else { return nil }
        return text.filter { $0 != "_" }
    }

    private static func magnitude(_ digits: Substring) -> Int64? {
        let lower = digits.lowercased()
        if lower.hasPrefix("0x") { return Int64(lower.dropFirst(2), radix: 16) }
        if lower.hasPrefix("0b") { return Int64(lower.dropFirst(2), radix: 2) }
        if lower.hasPrefix("0o") { return Int64(lower.dropFirst(2), radix: 8) }
        if lower.hasPrefix("0"), lower.count > 1 { return Int64(lower, radix: 8) }
        return Int64(lower)
    }

    /// Whether the text is a floating constant, which decides the type of the value.
    static func isFloat(_ text: String) -> Bool {
        let lower = text.lowercased()
        if lower.contains("0x") { return lower.contains("p") || lower.contains(".") }
        return lower.contains(".") || lower.contains("e")
    }
}
