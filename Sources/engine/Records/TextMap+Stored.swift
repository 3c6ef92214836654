package import Model

/// An object of texts. Names that the coders would take for one, as they are spellings of the same letters, make it a list in which
/// each name comes before its text.
extension TextMap: Stored {
    package init(stored decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let list = try? container.decode([String].self) else {
            self.init(try container.decode([String: String].self))
            return
        }
        guard list.count.isMultiple(of: 2) else { throw notOneOfOurs(decoder.codingPath, "a name without a text") }
        self.init(stride(from: 0, to: list.count, by: 2).map { (key: list[$0], value: list[$0 + 1]) })
    }

    package func store(in encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        let object = Dictionary(map { ($0.key, $0.value) }) { $1 }
        if object.count == count {
            try container.encode(object)
        } else {
            try container.encode(flatMap { [$0.key, $0.value] })
        }
    }
}
