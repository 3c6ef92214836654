import JSONFormat

extension FuzzTarget {
    /// The parser of what clients send, engines answer and templates show.
    static let json = FuzzTarget("json", "what is written of a parsed value is parsed as the same value") { input in
        guard let value = try? JSON(parsing: input) else { return }
        let again = try? JSON(parsing: value.encoded())
        try hold(again == value, "its own \(value.text) is read as something else")
        _ = value.integer
        _ = value.double
    }
}
