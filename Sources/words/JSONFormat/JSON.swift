/// A JSON value (RFC 8259) that keeps the order of members and the spelling of numbers.
///
/// Docker's answers tell `null`, `[]` and `{}` apart and its SDKs rely on it, so answers are built from values that say which
/// one is meant, not from optionals that hide it.
public enum JSON: Hashable, Sendable {
    case null
    case bool(Bool)
    /// A number as written.
    case number(String)
    case string(String)
    case array([JSON])
    case object(JSONObject)

    /// A member of an object by its exact name, the last of several; `nil` when there is none or this is no object.
    public subscript(name: String) -> JSON? { object?[name] }

    /// The truth value, or `nil`.
    public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }

    /// The text of a string, or `nil`.
    public var string: String? { if case .string(let text) = self { text } else { nil } }

    /// The value of a whole number that fits, `5.0` and `5e3` too, or `nil`.
    public var integer: Int64? {
        guard case .number(let text) = self else { return nil }
        return Int64(text) ?? Double(text).flatMap { Int64(exactly: $0) }
    }

    /// The nearest value of a number, or `nil`.
    public var double: Double? { if case .number(let text) = self { Double(text) } else { nil } }

    /// The elements of an array, or `nil`.
    public var array: [JSON]? { if case .array(let elements) = self { elements } else { nil } }

    /// The object, or `nil`.
    public var object: JSONObject? { if case .object(let object) = self { object } else { nil } }

    /// The elements of an array; none for everything else, `null` included.
    public var elements: [JSON] { array ?? [] }

    /// The members of an object; none for everything else, `null` included.
    public var members: JSONObject { object ?? JSONObject() }

    /// The kind of value in the words of Go's decoder, for error texts.
    public var kind: String {
        switch self {
        case .null: "null"
        case .bool: "bool"
        case .number: "number"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        }
    }
}

extension JSON {
    /// A whole number.
    @inlinable public static func integer(_ value: some BinaryInteger) -> JSON { .number(String(value)) }

    /// A number, whole ones without a point; `null` for what JSON cannot say: infinities and NaN.
    public static func double(_ value: Double) -> JSON {
        guard value.isFinite else { return .null }
        return Int64(exactly: value).map { .integer($0) } ?? .number(value.description)
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
    /// An object, its members in the order they are written.
    public init(dictionaryLiteral elements: (String, JSON)...) { self = .object(JSONObject(elements)) }
    /// `null`.
    public init(nilLiteral: ()) { self = .null }
}
