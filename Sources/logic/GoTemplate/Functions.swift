internal import Model

/// The functions a template can call: Go's own and docker's, with the shapes Go checks them against.
enum Functions {
    /// What a parameter accepts.
    enum Parameter: String {
        case any
        case string
        case integer = "int"
        case strings = "[]string"
    }

    struct Signature {
        let fixed: [Parameter]
        let rest: Parameter?

        init(_ fixed: [Parameter], rest: Parameter? = nil) {
            self.fixed = fixed
            self.rest = rest
        }
    }

    static let names: Set<String> = Set(signatures.keys).union(["and", "or"])

    static let signatures: [String: Signature] = [
        "call": Signature([.any], rest: .any), "html": Signature([], rest: .any),
        "index": Signature([.any], rest: .any), "slice": Signature([.any], rest: .any),
        "js": Signature([], rest: .any), "len": Signature([.any]), "not": Signature([.any]),
        "print": Signature([], rest: .any), "printf": Signature([.string], rest: .any),
        "println": Signature([], rest: .any), "urlquery": Signature([], rest: .any),
        "eq": Signature([.any], rest: .any), "ge": Signature([.any, .any]), "gt": Signature([.any, .any]),
        "le": Signature([.any, .any]), "lt": Signature([.any, .any]), "ne": Signature([.any, .any]),
        "json": Signature([.any]), "split": Signature([.string, .string]),
        "join": Signature([.strings, .string]), "title": Signature([.string]), "lower": Signature([.string]),
        "upper": Signature([.string]), "pad": Signature([.string, .integer, .integer]),
        "truncate": Signature([.string, .integer]),
    ]

    /// A complaint of a function, which the evaluator places.
    struct Complaint: ReadableError {
        let text: String
        var message: String { text }
    }

    /// Calls a function with arguments that its signature has accepted.
    static func call(
        _ name: String, _ arguments: [TemplateValue], source: String
    ) throws(Complaint) -> TemplateValue {
        let first = arguments.first ?? .missing
        switch name {
        case "html": return .string(Escaping.html(ValuePrinter.sprint(arguments)))
        case "js": return .string(Escaping.javaScript(ValuePrinter.sprint(arguments)))
        case "urlquery": return .string(Escaping.query(ValuePrinter.sprint(arguments)))
        case "print": return .string(ValuePrinter.sprint(arguments))
        case "println": return .string(ValuePrinter.sprintln(arguments))
        case "printf": return .string(Printf.format(first.text ?? "", Array(arguments.dropFirst())))
        case "not": return .bool(!first.isTrue)
        case "len": return .int(Int64(try length(of: first)))
        case "index": return try index(first, Array(arguments.dropFirst()))
        case "slice": return try slice(first, Array(arguments.dropFirst()))
        case "eq": return .bool(try Comparison.equal(first, Array(arguments.dropFirst())))
        case "ne": return .bool(!(try Comparison.equal(first, Array(arguments.dropFirst()))))
        case "lt": return .bool(try Comparison.less(first, arguments[1]))
        case "le": return .bool(try Comparison.lessOrEqual(first, arguments[1]))
        case "gt": return .bool(!(try Comparison.lessOrEqual(first, arguments[1])))
        case "ge": return .bool(!(try Comparison.less(first, arguments[1])))
        case "call":
            if case .null(.interface) = first { throw Complaint(text: "call of nil") }
            throw Complaint(text: "non-function \(source) of type \(first.typeName)")
        default: return docker(name, arguments)
        }
    }

    private static func docker(_ name: String, _ arguments: [TemplateValue]) -> TemplateValue {
        let text = arguments.first?.text ?? ""
        switch name {
        case "json": return .string(JSONPrinter.compact(arguments.first ?? .missing))
        case "split": return .array(GoText.split(text, arguments[1].text ?? "").map { .string($0) })
        case "join":
            guard case .array(let parts) = arguments[0] else { return .string("") }
            return .string(parts.map { $0.text ?? "" }.joined(separator: arguments[1].text ?? ""))
        case "title": return .string(GoText.title(text))
        case "lower": return .string(text.lowercased())
        case "upper": return .string(text.uppercased())
        case "pad":
            guard !text.isEmpty else { return .string("") }
            return .string(spaces(arguments[1]) + text + spaces(arguments[2]))
        default:
            guard case .int(let count) = arguments[1], text.utf8.count >= count, count >= 0 else {
                return .string(text)
            }
            return .string(GoText.string(text.utf8.prefix(Int(count))))
        }
    }

    private static func spaces(_ count: TemplateValue) -> String {
        guard case .int(let count) = count, count > 0 else { return "" }
        return String(repeating: " ", count: Int(min(count, 10_000)))
    }

    private static func length(of value: TemplateValue) throws(Complaint) -> Int {
        switch value {
        case .string(let text), .number(let text): return text.utf8.count
        case .array(let elements): return elements.count
        case .map(let map): return map.entries.count
        case .null(.slice), .null(.map): return 0
        case .missing, .null(.interface):
            throw Complaint(text: "reflect: call of reflect.Value.Type on zero Value")
        case .null(.pointer), .bool, .int, .double, .object:
            throw Complaint(text: "len of type \(value.typeName)")
        }
    }

    private static func position(_ value: TemplateValue, _ bound: Int) throws(Complaint) -> Int {
        switch value {
        case .int(let position):
            guard position >= 0, position < bound else { throw Complaint(text: "index out of range: \(position)") }
            return Int(position)
        case .missing, .null(.interface): throw Complaint(text: "cannot index slice/array with nil")
        default: throw Complaint(text: "cannot index slice/array with type \(value.typeName)")
        }
    }

    /// Go lets the position behind the last one through its own check, and reflect then refuses it.
    private static func element(_ key: TemplateValue, _ count: Int, _ kind: String) throws(Complaint) -> Int {
        let place = try position(key, count + 1)
        guard place < count else { throw Complaint(text: "reflect: \(kind) index out of range") }
        return place
    }

    private static func index(_ value: TemplateValue, _ keys: [TemplateValue]) throws(Complaint) -> TemplateValue {
        if case .missing = value { throw Complaint(text: "index of untyped nil") }
        if case .null(.interface) = value { throw Complaint(text: "index of untyped nil") }
        var value = value
        for key in keys {
            switch value {
            case .array(let elements): value = elements[try element(key, elements.count, "slice")]
            case .null(.slice): _ = try element(key, 0, "slice")
            case .string(let text), .number(let text):
                let bytes = Array(text.utf8)
                value = .int(Int64(bytes[try element(key, bytes.count, "string")]))
            case .map(let map):
                guard case .string(let name) = key else {
                    throw Complaint(text: "value has type \(key.typeName); should be string")
                }
                value = map[name] ?? map.zero
            case .null(.map): value = .null(.interface)
            case .missing, .null(.interface), .null(.pointer): throw Complaint(text: "index of nil pointer")
            case .bool, .int, .double, .object: throw Complaint(text: "can't index item of type \(value.typeName)")
            }
        }
        return value
    }

    private static func slice(_ value: TemplateValue, _ bounds: [TemplateValue]) throws(Complaint) -> TemplateValue {
        guard bounds.count <= 3 else { throw Complaint(text: "too many slice indexes: \(bounds.count)") }
        let count: Int
        switch value {
        case .string(let text), .number(let text):
            if bounds.count == 3 { throw Complaint(text: "cannot 3-index slice a string") }
            count = text.utf8.count
        case .array(let elements): count = elements.count
        case .null(.slice): count = 0
        case .missing, .null(.interface): throw Complaint(text: "slice of untyped nil")
        case .null, .bool, .int, .double, .map, .object:
            throw Complaint(text: "can't slice item of type \(value.typeName)")
        }
        var limits = [0, count]
        for (place, bound) in bounds.prefix(2).enumerated() { limits[place] = try position(bound, count + 1) }
        guard limits[0] <= limits[1] else {
            throw Complaint(text: "invalid slice index: \(limits[0]) > \(limits[1])")
        }
        switch value {
        case .array(let elements): return .array(Array(elements[limits[0]..<limits[1]]))
        case .string(let text), .number(let text):
            return .string(GoText.string(Array(text.utf8)[limits[0]..<limits[1]]))
        default: return value
        }
    }
}
