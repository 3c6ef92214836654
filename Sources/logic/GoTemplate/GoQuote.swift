/// Go's quoted strings: writing them (`strconv.Quote`) and reading them (`strconv.Unquote`).
public enum GoQuote {
    /// A string between double quotes, with what does not print as an escape.
    public static func quote(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars { result += escaped(scalar, quote: "\"") }
        return result + "\""
    }

    /// A character between single quotes, as `%q` prints an integer.
    static func quote(character: Unicode.Scalar) -> String {
        "'" + escaped(character, quote: "'") + "'"
    }

    private static func escaped(_ scalar: Unicode.Scalar, quote: Unicode.Scalar) -> String {
        switch scalar {
        case quote, "\\": return "\\" + String(scalar)
        case "\u{07}": return "\\a"
        case "\u{08}": return "\\b"
        case "\u{0C}": return "\\f"
        case "\n": return "\\n"
        case "\r": return "\\r"
        case "\t": return "\\t"
        case "\u{0B}": return "\\v"
        default: break
        }
        if scalar.value < 0x20 || scalar.value == 0x7F { return "\\x" + GoText.hex(scalar.value, width: 2) }
        if isPrintable(scalar) { return String(scalar) }
        return scalar.value < 0x10000
            ? "\\u" + GoText.hex(scalar.value, width: 4) : "\\U" + GoText.hex(scalar.value, width: 8)
    }

    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.value < 0x7F { return true }
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator,
            .spaceSeparator:
            return false
        default: return true
        }
    }

    /// Reads a literal with its quotes (`"`, `'` or a back quote); nil when it is not one.
    static func unquote(_ literal: String) -> String? {
        let bytes = Array(literal.utf8)
        guard bytes.count >= 2, let quote = bytes.first, bytes.last == quote else { return nil }
        let inner = bytes[1..<bytes.count - 1]
        if quote == UInt8(ascii: "`") {
            return inner.contains(quote) ? nil : GoText.string(inner.filter { $0 != 13 })
        }
        guard let decoded = unescape(inner, quote: quote) else { return nil }
        return decoded
    }

    private static func unescape(_ bytes: ArraySlice<UInt8>, quote: UInt8) -> String? {
        var result: [UInt8] = []
        var rest = bytes
        while let byte = rest.popFirst() {
            if byte == quote || byte == 10 { return nil }
            guard byte == UInt8(ascii: "\\") else {
                result.append(byte)
                continue
            }
            guard let decoded = escape(&rest, quote: quote) else { return nil }
            result.append(contentsOf: decoded)
        }
        return GoText.string(result)
    }

    private static func escape(_ rest: inout ArraySlice<UInt8>, quote: UInt8) -> [UInt8]? {
        guard let letter = rest.popFirst() else { return nil }
        switch Character(Unicode.Scalar(letter)) {
        case "a": return [7]
        case "b": return [8]
        case "f": return [12]
        case "n": return [10]
        case "r": return [13]
        case "t": return [9]
        case "v": return [11]
        case "\\": return [letter]
        case "'", "\"": return letter == quote ? [letter] : nil
        case "x": return digits(&rest, 2, radix: 16).flatMap { $0 < 256 ? [UInt8($0)] : nil }
        case "u": return digits(&rest, 4, radix: 16).flatMap(utf8)
        case "U": return digits(&rest, 8, radix: 16).flatMap(utf8)
        case "0"..."7":
            rest = [letter] + rest
            return digits(&rest, 3, radix: 8).flatMap { $0 < 256 ? [UInt8($0)] : nil }
        default: return nil
        }
    }

    private static func digits(_ rest: inout ArraySlice<UInt8>, _ count: Int, radix: Int) -> UInt32? {
        guard rest.count >= count else { return nil }
        let text = GoText.string(rest.prefix(count))
        rest = rest.dropFirst(count)
        return UInt32(text, radix: radix)
    }

    private static func utf8(_ value: UInt32) -> [UInt8]? {
        Unicode.Scalar(value).map { Array(String($0).utf8) }
    }
}
