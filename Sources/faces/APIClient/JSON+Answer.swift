public import JSONFormat

extension JSON {
    /// What an engine answered; nothing at all is `null`.
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
