public import JSONFormat

extension JSON {
    /// The JSON document of an engine's answer; an empty answer is `null`.
    ///
    /// - Throws: `ClientError.malformed`.
    public init(answer bytes: some Collection<UInt8>) throws(ClientError) {
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
