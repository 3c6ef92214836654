/// A value a template can see: what Go's `reflect` would show `text/template`.
public indirect enum TemplateValue: Sendable {
    /// No value at all, as a missing key of a map: prints `<no value>`.
    case missing
    /// Go's nil of a kind.
    case null(NullKind)
    case bool(Bool)
    case int(Int64)
    case double(Double)
    /// A number whose text is kept as it arrived, Go's `json.Number`: a string in every respect but its type.
    case number(String)
    case string(String)
    case array([TemplateValue])
    case map(TemplateMap)
    case object(any TemplateObject)

    /// What sort of nil a value is, which decides how it prints.
    public enum NullKind: Sendable {
        /// A nil interface: prints `<no value>`.
        case interface
        /// A nil pointer: prints `<nil>`.
        case pointer
        /// A nil slice: prints `[]`, and `null` as JSON.
        case slice
        /// A nil map: prints `map[]`, and `null` as JSON.
        case map
    }
}

/// A Go map with string keys. It prints, ranges and encodes in the order of its keys.
public struct TemplateMap: Sendable {
    /// The entries, in the order of their keys' bytes.
    public let entries: [(key: String, value: TemplateValue)]
    /// What `index` answers for a key that is not there: the zero value of the map's elements.
    public let zero: TemplateValue
    /// Whether the elements are of Go's `interface {}` type.
    public var holdsInterfaces: Bool {
        if case .null(.interface) = zero { return true }
        return false
    }

    /// Makes a map of entries in any order; of two with one key the later holds.
    public init(_ entries: [(key: String, value: TemplateValue)], zero: TemplateValue = .null(.interface)) {
        var latest: [String: TemplateValue] = [:]
        for entry in entries { latest[entry.key] = entry.value }
        self.entries = latest.map { ($0.key, $0.value) }.sorted { GoText.less($0.key, $1.key) }
        self.zero = zero
    }

    /// The value of a key, when there is one.
    public subscript(key: String) -> TemplateValue? {
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].key == key { return entries[middle].value }
            if GoText.less(entries[middle].key, key) { low = middle + 1 } else { high = middle }
        }
        return nil
    }
}

/// A Go struct or a pointer to one: named fields, and methods that take arguments.
public protocol TemplateObject: Sendable {
    /// Go's name of the type, as error texts and `%T` show it.
    var typeName: String { get }
    /// The fields in order, as `%v` and `json` show them.
    var fields: [(name: String, value: TemplateValue)] { get }
    /// The fields as `%v` shows them where those differ from the JSON's.
    var printed: [(name: String, value: TemplateValue)] { get }
    /// Whether characters that HTML knows are escaped in this object's JSON.
    var escapesHTMLInJSON: Bool { get }
    /// The value of a field or of a method without arguments; nil when the type has neither.
    func field(_ name: String) -> TemplateValue?
    /// What a method that takes one string answers; nil when the type has no such method.
    func call(_ method: String, _ argument: String) -> TemplateValue?
}

extension TemplateObject {
    /// Most objects print what their JSON shows.
    public var printed: [(name: String, value: TemplateValue)] { fields }
    /// Most objects leave their JSON unescaped, as docker's `json` function does.
    public var escapesHTMLInJSON: Bool { false }
    /// Most objects have no such method.
    public func call(_ method: String, _ argument: String) -> TemplateValue? { nil }
    /// Most objects have few fields.
    public func field(_ name: String) -> TemplateValue? { fields.first { $0.name == name }?.value }
}

extension TemplateValue {
    /// Whether `if` takes its first branch: Go's idea of a non-empty value.
    var isTrue: Bool {
        switch self {
        case .missing, .null: false
        case .bool(let value): value
        case .int(let value): value != 0
        case .double(let value): value != 0
        case .number(let text), .string(let text): !text.isEmpty
        case .array(let elements): !elements.isEmpty
        case .map(let map): !map.entries.isEmpty
        case .object: true
        }
    }

    /// Go's name of the value's type.
    var typeName: String {
        switch self {
        case .missing, .null(.interface): "<nil>"
        case .null(.pointer): "*interface {}"
        case .null(.slice): "[]interface {}"
        case .null(.map): "map[string]interface {}"
        case .bool: "bool"
        case .int: "int"
        case .double: "float64"
        case .number: "json.Number"
        case .string: "string"
        case .array(let elements): TemplateValue.sliceTypeName(elements)
        case .map(let map):
            if case .string = map.zero { "map[string]string" } else { "map[string]interface {}" }
        case .object(let object): object.typeName
        }
    }

    private static func sliceTypeName(_ elements: [TemplateValue]) -> String {
        let allStrings = elements.allSatisfy { if case .string = $0 { true } else { false } }
        return allStrings && !elements.isEmpty ? "[]string" : "[]interface {}"
    }

    /// The text of a value whose Go kind is string.
    var text: String? {
        switch self {
        case .string(let text), .number(let text): text
        case .missing, .null, .bool, .int, .double, .array, .map, .object: nil
        }
    }
}
