/// `fmt.Sprintf` for the values a template has.
struct Printf {
    private var flags: Set<Character> = []
    private var width: Int?
    private var precision: Int?

    /// Formats values by Go's verbs v, s, q, d, x, X, o, b, c, U, t, f, F, e, g, T and %.
    static func format(_ format: String, _ values: [TemplateValue]) -> String {
        var result = ""
        var rest = Array(format.unicodeScalars)[...]
        var next = 0
        while let scalar = rest.popFirst() {
            guard scalar == "%" else {
                result.unicodeScalars.append(scalar)
                continue
            }
            var directive = Printf()
            directive.readFlags(&rest)
            directive.width = directive.readNumber(&rest, values, &next)
            if rest.first == "." {
                rest = rest.dropFirst()
                directive.precision = directive.readNumber(&rest, values, &next) ?? 0
            }
            guard let verb = rest.popFirst() else {
                result += "%!(NOVERB)"
                break
            }
            if verb == "%" {
                result += "%"
            } else if next < values.count {
                result += directive.text(of: values[next], verb: Character(verb))
                next += 1
            } else {
                result += "%!\(verb)(MISSING)"
            }
        }
        if next < values.count {
            let extra = values[next...].map { value in
                switch value {
                case .missing, .null(.interface): "<nil>"
                default: "\(value.typeName)=\(ValuePrinter.inner(value))"
                }
            }
            result += "%!(EXTRA " + extra.joined(separator: ", ") + ")"
        }
        return result
    }

    private mutating func readFlags(_ rest: inout ArraySlice<Unicode.Scalar>) {
        while let scalar = rest.first, ["-", "+", "#", " ", "0"].contains(scalar) {
            flags.insert(Character(scalar))
            rest = rest.dropFirst()
        }
    }

    private mutating func readNumber(
        _ rest: inout ArraySlice<Unicode.Scalar>, _ values: [TemplateValue], _ next: inout Int
    ) -> Int? {
        if rest.first == "*" {
            rest = rest.dropFirst()
            guard next < values.count, case .int(let value) = values[next] else { return nil }
            next += 1
            if value < 0 { flags.insert("-") }
            return Int(min(value.magnitude, 1_000_000))
        }
        var number: Int?
        while let scalar = rest.first, ("0"..."9").contains(scalar) {
            number = min((number ?? 0) * 10 + Int(scalar.value - 48), 1_000_000)
            rest = rest.dropFirst()
        }
        return number
    }

    private func text(of value: TemplateValue, verb: Character) -> String {
        if verb == "T" { return padded(value.typeName) }
        switch value {
        case .bool(let value) where verb == "t" || verb == "v": return padded(value ? "true" : "false")
        case .int(let number):
            if let text = integer(number, verb) { return padded(text, isNumber: true) }
        case .double(let number):
            if let text = double(number, verb) { return padded(text, isNumber: true) }
        case .string(let text), .number(let text):
            if let text = string(text, verb) { return padded(text) }
        case .missing, .null(.interface):
            return verb == "v" ? padded("<nil>") : "%!\(verb)(<nil>)"
        case .array(let elements) where verb != "v":
            return "[" + elements.map { self.text(of: $0, verb: verb) }.joined(separator: " ") + "]"
        case .map(let map) where verb != "v":
            let entries = map.entries.map {
                self.text(of: .string($0.key), verb: verb) + ":" + self.text(of: $0.value, verb: verb)
            }
            return "map[" + entries.joined(separator: " ") + "]"
        case .object(let object) where verb != "v":
            return "{" + object.fields.map { self.text(of: $0.value, verb: verb) }.joined(separator: " ") + "}"
        default: break
        }
        if verb == "v" { return padded(ValuePrinter.inner(value, names: flags.contains("+"))) }
        return "%!\(verb)(\(value.typeName)=\(ValuePrinter.inner(value)))"
    }

    private func string(_ text: String, _ verb: Character) -> String? {
        let shown = precision.map { String(String.UnicodeScalarView(text.unicodeScalars.prefix($0))) } ?? text
        switch verb {
        case "v": return flags.contains("#") ? GoQuote.quote(shown) : shown
        case "s": return shown
        case "q":
            let raw = flags.contains("#") && !shown.contains("`")
            return raw ? "`" + shown + "`" : GoQuote.quote(shown)
        case "x": return text.utf8.map { GoText.hex($0, width: 2) }.joined()
        case "X": return text.utf8.map { GoText.hex($0, width: 2, uppercase: true) }.joined()
        default: return nil
        }
    }

    private func integer(_ number: Int64, _ verb: Character) -> String? {
        let sign = number < 0 ? "-" : flags.contains("+") && verb != "v" ? "+" : flags.contains(" ") ? " " : ""
        let alternate = flags.contains("#")
        func digits(_ radix: Int, _ prefix: String, uppercase: Bool = false) -> String {
            let text = String(number.magnitude, radix: radix, uppercase: uppercase)
            let zeros = String(repeating: "0", count: max(0, (precision ?? 0) - text.utf8.count))
            return sign + (alternate ? prefix : "") + zeros + text
        }
        switch verb {
        case "v", "d": return digits(10, "")
        case "x": return digits(16, "0x")
        case "X": return digits(16, "0X", uppercase: true)
        case "o": return digits(8, "0")
        case "b": return digits(2, "0b")
        case "c", "q", "U":
            let scalar = UInt32(exactly: number).flatMap { Unicode.Scalar($0) } ?? "\u{FFFD}"
            if verb == "U" { return "U+" + GoText.hex(scalar.value, width: 4, uppercase: true) }
            return verb == "c" ? String(scalar) : GoQuote.quote(character: scalar)
        default: return nil
        }
    }

    private func double(_ number: Double, _ verb: Character) -> String? {
        let plus = flags.contains("+") && number.sign == .plus ? "+" : ""
        switch verb {
        case "v", "g":
            return plus + (precision.map { GoFloat.general(number, precision: $0) } ?? GoFloat.general(number))
        case "f", "F": return plus + GoFloat.fixed(number, precision: precision ?? 6)
        case "G": return double(number, "g").map { $0.uppercased() }
        case "E": return double(number, "e").map { $0.uppercased() }
        case "e": return plus + GoFloat.exponential(number, precision: precision ?? 6)
        default: return nil
        }
    }

    private func padded(_ text: String, isNumber: Bool = false) -> String {
        let missing = (width ?? 0) - text.unicodeScalars.count
        guard missing > 0 else { return text }
        if flags.contains("-") { return text + String(repeating: " ", count: missing) }
        guard flags.contains("0") else { return String(repeating: " ", count: missing) + text }
        let zeros = String(repeating: "0", count: missing)
        if isNumber, let sign = text.first, sign == "-" || sign == "+" { return "\(sign)" + zeros + text.dropFirst() }
        return zeros + text
    }
}
