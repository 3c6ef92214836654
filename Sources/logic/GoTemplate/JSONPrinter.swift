public import JSONFormat

/// Writes JSON as Go's encoding/json does.
public enum JSONPrinter {
    /// A template's value on one line: docker's `json` function, which does not escape for HTML.
    public static func compact(_ value: TemplateValue, escapingHTML: Bool = false) -> String {
        switch value {
        case .missing, .null: return "null"
        case .bool(let value): return value ? "true" : "false"
        case .int(let value): return String(value)
        case .double(let value): return GoFloat.general(value)
        case .number(let text): return text
        case .string(let text): return quote(text, escapingHTML: escapingHTML)
        case .array(let elements):
            return "[" + elements.map { compact($0, escapingHTML: escapingHTML) }.joined(separator: ",") + "]"
        case .map(let map):
            return object(map.entries.map { ($0.key, $0.value) }, escapingHTML)
        case .object(let value):
            let escapes = escapingHTML || value.escapesHTMLInJSON
            return object(value.fields.map { ($0.name, $0.value) }, escapes)
        }
    }

    private static func object(_ members: [(String, TemplateValue)], _ escapingHTML: Bool) -> String {
        let texts = members.map {
            quote($0.0, escapingHTML: escapingHTML) + ":" + compact($0.1, escapingHTML: escapingHTML)
        }
        return "{" + texts.joined(separator: ",") + "}"
    }

    /// A JSON value on one line.
    public static func compact(_ value: JSON) -> String {
        switch value {
        case .array(let elements): return "[" + elements.map { compact($0) }.joined(separator: ",") + "]"
        case .object(let members):
            return "{" + members.map { quote($0.name) + ":" + compact($0.value) }.joined(separator: ",") + "}"
        case .null, .bool, .number, .string: return scalar(value)
        }
    }

    private static func scalar(_ value: JSON) -> String {
        switch value {
        case .bool(let value): value ? "true" : "false"
        case .number(let text): text
        case .string(let text): quote(text)
        case .null, .array, .object: "null"
        }
    }

    /// A JSON string with its quotes.
    public static func quote(_ text: String, escapingHTML: Bool = false) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\u{08}": result += "\\b"
            case "\u{0C}": result += "\\f"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case "\u{2028}", "\u{2029}": result += "\\u" + GoText.hex(scalar.value, width: 4)
            case "<" where escapingHTML, ">" where escapingHTML, "&" where escapingHTML:
                result += "\\u" + GoText.hex(scalar.value, width: 4)
            default:
                if scalar.value < 0x20 {
                    result += "\\u" + GoText.hex(scalar.value, width: 4)
                } else {
                    result.unicodeScalars.append(scalar)
                }
            }
        }
        return result + "\""
    }
}
