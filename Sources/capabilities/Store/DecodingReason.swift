/// What a decoder found wrong, by the place in the record and without the names of types.
enum DecodingReason {
    static func text(_ error: any Error) -> String {
        switch error {
        case DecodingError.keyNotFound(let key, let context): place(context.codingPath + [key], "is missing")
        case DecodingError.valueNotFound(_, let context): place(context.codingPath, "has no value")
        case DecodingError.typeMismatch(_, let context): place(context.codingPath, "is of another kind")
        case DecodingError.dataCorrupted(let context):
            context.codingPath.isEmpty
                ? context.debugDescription : "\(path(context.codingPath)): \(context.debugDescription)"
        default: "it is no JSON"
        }
    }

    private static func place(_ keys: [any CodingKey], _ what: String) -> String {
        keys.isEmpty ? "the whole \(what)" : "\(path(keys)) \(what)"
    }

    private static func path(_ keys: [any CodingKey]) -> String {
        keys.map { key in key.intValue.map { "[\($0)]" } ?? "." + key.stringValue }.joined()
    }
}
