import JSONFormat
internal import Model

extension JSON {
    /// An array of strings; an empty one is `[]`.
    static func strings(_ values: some Sequence<String>) -> JSON { .array(values.map { .string($0) }) }

    /// An array of strings; an empty one is `null`, the form in which Go writes a slice that was never set.
    static func stringsOrNull(_ values: [String]) -> JSON { values.isEmpty ? .null : strings(values) }

    /// An object of strings in the order of their names, the order in which Go writes a map; an empty one is `{}`.
    static func stringMap(_ values: TextMap) -> JSON {
        .object(JSONObject(values.map { ($0.key, .string($0.value)) }))
    }
}
