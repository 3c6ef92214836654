/// The key of a field in a stored object. It is written out where the object is read and written, so that a name in the code can
/// change without the format.
package struct RecordKey: CodingKey, ExpressibleByStringLiteral, Hashable, Sendable {
    package let stringValue: String
    package var intValue: Int? { nil }

    package init(_ text: String) { stringValue = text }
    package init(stringLiteral text: String) { stringValue = text }
    package init(stringValue text: String) { stringValue = text }
    package init?(intValue: Int) { nil }

    /// Key of an unlabelled value of a case, as the first versions wrote it.
    package static let only: RecordKey = "_0"
}
