public import JSONFormat

extension JSON {
    /// What an engine answered; nothing at all is `null`.
    ///
    /// - Throws: `EngineError.malformed`.
    public init(answer bytes: some Collection<UInt8>) throws(EngineError) {
        guard !bytes.isEmpty else {
            self = .null
            return
        }
        do {
            self = try JSON(parsing: bytes)
        } catch {
            throw .malformed("JSON: \(error.message) at byte \(error.offset)")
        }
    }
}
