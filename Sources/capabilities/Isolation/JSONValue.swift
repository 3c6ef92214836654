import FoundationEssentials

/// A JSON document by value, for the bundle's config.json.
enum JSONValue: Encodable, Hashable {
    case string(String)
    case number(Int64)
    case unsigned(UInt64)
    case bool(Bool)
    case array([JSONValue])
    case object([String: JSONValue])

    static func strings(_ list: [String]) -> JSONValue { .array(list.map { .string($0) }) }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .string(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .unsigned(let value): try container.encode(value)
        case .bool(let value): try container.encode(value)
        case .array(let value): try container.encode(value)
        case .object(let value): try container.encode(value)
        }
    }

    /// The text, keys sorted so that the same container gives the same file.
    func text() throws(IsolationError) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        do {
            return String(decoding: try encoder.encode(self), as: UTF8.self)
        } catch {
            throw .invalid("the description for the runtime cannot be written: a number or text is none of JSON")
        }
    }
}
