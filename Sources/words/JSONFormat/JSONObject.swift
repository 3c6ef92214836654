/// The members of a JSON object in their order. A name may come twice only in parsed input, where the last one counts.
public struct JSONObject: Hashable, Sendable {
    /// A name and its value.
    public struct Member: Hashable, Sendable {
        /// The name.
        public var name: String
        /// The value.
        public var value: JSON

        /// Makes a member.
        public init(_ name: String, _ value: JSON) {
            self.name = name
            self.value = value
        }
    }

    private var list: [Member] = []

    /// An object without members.
    public init() {}

    /// An object of members in the given order.
    public init(_ members: some Sequence<(String, JSON)>) { list = members.map { Member($0.0, $0.1) } }

    /// The value of the last member with this exact name.
    public subscript(name: String) -> JSON? { list.last { $0.name == name }?.value }

    /// Adds a member at the end.
    public mutating func append(_ name: String, _ value: JSON) { list.append(Member(name, value)) }
}

extension JSONObject: RandomAccessCollection, MutableCollection, RangeReplaceableCollection {
    /// The place of the first member: 0.
    public var startIndex: Int { 0 }
    /// The place behind the last member.
    public var endIndex: Int { list.count }

    /// The member at a place.
    public subscript(position: Int) -> Member {
        get { list[position] }
        set { list[position] = newValue }
    }

    /// Puts members in the place of others.
    public mutating func replaceSubrange(_ range: Range<Int>, with members: some Collection<Member>) {
        list.replaceSubrange(range, with: members)
    }
}

extension JSONObject: ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral {
    /// An object of members in the order they are written.
    public init(arrayLiteral elements: Member...) { list = elements }

    /// An object of members in the order they are written.
    public init(dictionaryLiteral elements: (String, JSON)...) { self.init(elements) }
}
