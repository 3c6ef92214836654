/// A word of a list, stored as a text that stays when the word is renamed in the code.
package protocol StoredName: Stored, CaseIterable {
    /// The stored text.
    var storedName: String { get }
}

extension StoredName {
    package init(stored decoder: any Decoder) throws {
        self = try decoder.single { (text: String) in Self.allCases.first { $0.storedName == text } }
    }

    package func store(in encoder: any Encoder) throws { try encoder.single(storedName) }
}
