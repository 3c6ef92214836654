/// A word of a list, stored as a text that stays the same when the word is spelled anew in the code.
package protocol StoredName: Stored, CaseIterable {
    /// The text.
    var storedName: String { get }
}

extension StoredName {
    package init(stored decoder: any Decoder) throws {
        self = try decoder.single { (text: String) in Self.allCases.first { $0.storedName == text } }
    }

    package func store(in encoder: any Encoder) throws { try encoder.single(storedName) }
}
