/// Texts by name, as labels are. Names and texts are bytes, as in Docker: two spellings of a letter are two names, which are one to a
/// `Dictionary`. It is iterated in the order of the bytes.
public struct TextMap: Hashable, Sendable {
    /// A text that equals another only if the bytes are the same.
    private struct Bytes: Hashable, Comparable, Sendable {
        var text: String

        static func == (a: Bytes, b: Bytes) -> Bool { a.text.isSame(bytes: b.text) }
        static func < (a: Bytes, b: Bytes) -> Bool { a.text.utf8.lexicographicallyPrecedes(b.text.utf8) }

        func hash(into hasher: inout Hasher) {
            var text = text
            text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        }
    }

    private var texts: [Bytes: Bytes] = [:]

    /// An empty map.
    public init() {}

    /// A map of these; the last of two of a name counts.
    public init(_ pairs: some Sequence<(key: String, value: String)>) {
        for (key, value) in pairs { self[key] = value }
    }

    /// The text of a name; `nil` when there is none.
    public subscript(name: String) -> String? {
        get { texts[Bytes(text: name)]?.text }
        set { texts[Bytes(text: name)] = newValue.map(Bytes.init) }
    }

    /// The names, in the order of their bytes.
    public var names: [String] { texts.keys.sorted().map(\.text) }
}

extension TextMap: Sequence {
    /// How many names there are.
    public var count: Int { texts.count }

    /// Whether there is none.
    public var isEmpty: Bool { texts.isEmpty }

    /// The names with their texts, in the order of the names.
    public func makeIterator() -> some IteratorProtocol<(key: String, value: String)> {
        texts.sorted { $0.key < $1.key }.map { (key: $0.key.text, value: $0.value.text) }.makeIterator()
    }
}

extension TextMap: ExpressibleByDictionaryLiteral {
    /// The last of two of a name counts.
    public init(dictionaryLiteral elements: (String, String)...) { self.init(elements.map { (key: $0, value: $1) }) }
}
