public import Model

/// An object of texts. The coders take spellings of the same letters for one name: what is read goes through `ImageDocument.init`,
/// which looks at the bytes.
extension TextMap: Codable {
    /// From an object of texts.
    public init(from decoder: any Decoder) throws { self.init(try [String: String](from: decoder)) }

    /// As an object of texts.
    public func encode(to encoder: any Encoder) throws {
        try Dictionary(map { ($0.key, $0.value) }) { $1 }.encode(to: encoder)
    }
}
