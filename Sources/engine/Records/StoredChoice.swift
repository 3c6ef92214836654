/// A choice between cases and their values, stored as an object with one key that names the case: `{"restart":{"count":2}}`.
package protocol StoredChoice: Stored {
    /// The keys. A test demands a record with each of them.
    associatedtype Word: CaseIterable & RawRepresentable<String> & Sendable
    /// Reads the values of a word.
    init(_ word: Word, _ parts: ReadKeys) throws
    /// Writes the word and its values.
    func store(in choice: inout WrittenChoice<Word>) throws
}

extension StoredChoice {
    package init(stored decoder: any Decoder) throws {
        let keys = try decoder.keys()
        let found = keys.allKeys
        var known: (RecordKey, Word)?
        for key in found {
            guard let word = Word(rawValue: key.stringValue) else { continue }
            guard known == nil else { throw notOneOfOurs(keys.codingPath, "two words where one must be") }
            known = (key, word)
        }
        guard let known else {
            let words = found.map(\.stringValue).sorted().joined(separator: ", ")
            throw notOneOfOurs(keys.codingPath, "this version does not know \"\(words)\"")
        }
        try self.init(known.1, try keys.nestedContainer(keyedBy: RecordKey.self, forKey: known.0))
    }

    package func store(in encoder: any Encoder) throws {
        var choice = WrittenChoice<Word>(keys: encoder.keys())
        try store(in: &choice)
    }
}

/// A choice that is being written.
package struct WrittenChoice<Word: RawRepresentable<String>> {
    var keys: WrittenKeys

    /// Writes a word without values.
    mutating func put(_ word: Word) { put(word) { _ in } }

    /// Writes a word and its values.
    mutating func put(_ word: Word, _ parts: (inout WrittenKeys) throws -> Void) rethrows {
        var nested = keys.nestedContainer(keyedBy: RecordKey.self, forKey: RecordKey(word.rawValue))
        try parts(&nested)
    }
}
