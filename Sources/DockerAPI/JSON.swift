/// A JSON value (RFC 8259). Docker's answers tell `null`, `[]` and `{}` apart and its SDKs rely on it, so
/// answers are built from values that say which one is meant, not from optionals that hide it.
public enum JSON: Hashable, Sendable {
    case null
    case bool(Bool)
    case integer(Int64)
    case number(Double)
    case string(String)
    case array([JSON])
    case object(JSONObject)

    /// A member of an object by its exact name; `nil` for other kinds of values.
    public subscript(_ name: String) -> JSON? {
        if case .object(let object) = self { return object[name] }
        return nil
    }

    /// The elements of an array; `nil` for other kinds.
    public var elements: [JSON]? {
        if case .array(let elements) = self { return elements }
        return nil
    }

    /// The text of a string; `nil` for other kinds.
    public var text: String? {
        if case .string(let text) = self { return text }
        return nil
    }

    /// The kind of value in the words of Go's decoder, for error texts.
    public var kind: String {
        switch self {
        case .null: "null"
        case .bool: "bool"
        case .integer, .number: "number"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        }
    }
}

/// The members of a JSON object in the order they were written.
public struct JSONObject: Hashable, Sendable, ExpressibleByDictionaryLiteral {
    /// Names and values; a name may appear twice only in parsed input, where the last one counts.
    public private(set) var members: [Member]

    /// One name and its value.
    public struct Member: Hashable, Sendable {
        /// The name.
        public let name: String
        /// The value.
        public let value: JSON
    }

    /// An object of members in the given order.
    public init(_ members: some Sequence<(String, JSON)> = []) {
        self.members = members.map { Member(name: $0.0, value: $0.1) }
    }

    /// An object of members in the order they are written.
    public init(dictionaryLiteral elements: (String, JSON)...) {
        self.init(elements)
    }

    /// The value of the last member with this exact name.
    public subscript(_ name: String) -> JSON? {
        members.last { $0.name == name }?.value
    }

    /// Adds a member at the end.
    public mutating func append(_ name: String, _ value: JSON) {
        members.append(Member(name: name, value: value))
    }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
    /// A text.
    public init(stringLiteral value: String) { self = .string(value) }
    /// A truth value.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    /// A whole number.
    public init(integerLiteral value: Int64) { self = .integer(value) }
    /// An array.
    public init(arrayLiteral elements: JSON...) { self = .array(elements) }
    /// An object of members in the order they are written.
    /// An object, its members in the order they are written.
    public init(dictionaryLiteral elements: (String, JSON)...) { self = .object(JSONObject(elements)) }
    /// `null`.
    public init(nilLiteral: ()) { self = .null }
}

extension JSON {
    /// A number from any integer; numbers above `Int64.max` become the nearest double.
    static func int(_ value: some BinaryInteger) -> JSON {
        if let exact = Int64(exactly: value) { return .integer(exact) }
        return .number(Double(value))
    }

    /// An array of strings; an empty one is `[]`.
    static func strings(_ values: some Sequence<String>) -> JSON { .array(values.map { .string($0) }) }

    /// An array of strings; an empty one is `null`, as Go writes a slice that was never set.
    static func stringsOrNull(_ values: [String]) -> JSON { values.isEmpty ? .null : strings(values) }

    /// An object of strings in the order of their names, as Go writes a map; an empty one is `{}`.
    static func stringMap(_ values: [String: String]) -> JSON {
        .object(JSONObject(values.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) }))
    }

    /// An object of strings; an empty one is `null`.
    static func stringMapOrNull(_ values: [String: String]) -> JSON { values.isEmpty ? .null : stringMap(values) }
}
