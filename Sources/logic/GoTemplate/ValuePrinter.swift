/// Values as Go's `%v` prints them.
enum ValuePrinter {
    /// A value as an action prints it.
    static func text(of value: TemplateValue, names: Bool = false) -> String {
        switch value {
        case .missing, .null(.interface): "<no value>"
        case .null(.pointer), .bool, .int, .double, .number, .string, .null(.slice), .null(.map), .array, .map,
            .object:
            inner(value, names: names)
        }
    }

    /// A value inside of another, where a nil prints `<nil>`.
    static func inner(_ value: TemplateValue, names: Bool = false) -> String {
        switch value {
        case .missing, .null(.interface), .null(.pointer): return "<nil>"
        case .null(.slice): return "[]"
        case .null(.map): return "map[]"
        case .bool(let value): return value ? "true" : "false"
        case .int(let value): return String(value)
        case .double(let value): return GoFloat.general(value)
        case .number(let text), .string(let text): return text
        case .array(let elements):
            return "[" + elements.map { inner($0, names: names) }.joined(separator: " ") + "]"
        case .map(let map):
            let entries = map.entries.map { "\($0.key):\(inner($0.value, names: names))" }
            return "map[" + entries.joined(separator: " ") + "]"
        case .object(let object):
            let fields = object.printed.map { names ? "\($0.name):\(inner($0.value, names: true))" : inner($0.value) }
            return "{" + fields.joined(separator: " ") + "}"
        }
    }

    /// `fmt.Sprint`: a space between two values when neither is a string.
    static func sprint(_ values: [TemplateValue]) -> String {
        var result = ""
        var previousIsString = true
        for (index, value) in values.enumerated() {
            let isString = value.text != nil
            if index > 0, !isString, !previousIsString { result += " " }
            result += inner(value)
            previousIsString = isString
        }
        return result
    }

    /// `fmt.Sprintln`: a space between all values and a newline at the end.
    static func sprintln(_ values: [TemplateValue]) -> String {
        values.map { inner($0) }.joined(separator: " ") + "\n"
    }
}
