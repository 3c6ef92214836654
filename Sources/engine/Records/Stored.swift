/// A value with a stored form. The form is this module's: its keys and words are spelled here, and no other module knows them. An
/// absent field has the value that it had before the field existed.
package protocol Stored: Sendable {
    /// Reads a value. Anything else, or a word of a later version, is an error.
    init(stored decoder: any Decoder) throws
    /// Writes the form that `init(stored:)` reads.
    func store(in encoder: any Encoder) throws
}

/// A value on its way from and to JSON.
package struct StoredForm<Value: Stored>: Codable, Sendable {
    package let value: Value

    package init(_ value: Value) { self.value = value }
    package init(from decoder: any Decoder) throws { value = try Value(stored: decoder) }
    package func encode(to encoder: any Encoder) throws { try value.store(in: encoder) }
}

extension StoredForm: Equatable where Value: Equatable {}
extension StoredForm: Hashable where Value: Hashable {}

extension Stored where Self: Codable {
    package init(from decoder: any Decoder) throws { try self.init(stored: decoder) }
    package func encode(to encoder: any Encoder) throws { try store(in: encoder) }
}

extension Array: Stored where Element: Stored {
    package init(stored decoder: any Decoder) throws {
        self = try [StoredForm<Element>](from: decoder).map(\.value)
    }

    package func store(in encoder: any Encoder) throws { try map(StoredForm.init).encode(to: encoder) }
}

extension Dictionary: Stored where Key == String, Value: Stored {
    package init(stored decoder: any Decoder) throws {
        self = try [String: StoredForm<Value>](from: decoder).mapValues(\.value)
    }

    package func store(in encoder: any Encoder) throws { try mapValues(StoredForm.init).encode(to: encoder) }
}
