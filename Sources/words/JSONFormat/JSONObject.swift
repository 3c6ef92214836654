/// The members of a JSON object in their order. A name may come twice only in parsed input, where the last one counts.
public struct JSONObject: Hashable, Sendable {
    /// A name and its value.
    public struct Member: Hashable, Sendable {
        /// The name.
        public var name: String
        /// The value.
        public var value: JSON

        /// Makes a member.
        @inlinable public init(_ name: String, _ value: JSON) {
            self.name = name
            self.value = value
        }
    }

    @usableFromInline var list: [Member] = []

    /// An object without members.
    @inlinable public init() {}

    /// An object of members in the given order.
    @inlinable public init(_ members: some Sequence<(String, JSON)>) { list = members.map { Member($0.0, $0.1) } }

    /// The value of the last member with this exact name.
    @inlinable public subscript(name: String) -> JSON? { list.last { $0.name == name }?.value }

    /// Adds a member at the end.
    @inlinable public mutating func append(_ name: String, _ value: JSON) { list.append(Member(name, value)) }
}

extension JSONObject: RandomAccessCollection, MutableCollection, RangeReplaceableCollection {
    /// The place of the first member: 0.
    @inlinable public var startIndex: Int { 0 }
    /// The place behind the last member.
    @inlinable public var endIndex: Int { list.count }

    /// The member at a place.
    @inlinable public subscript(position: Int) -> Member {
        get { list[position] }
        set { list[position] = newValue }
    }

    /// Puts members in the place of others.
    @inlinable public mutating func replaceSubrange(_ range: Range<Int>, with members: some Collection<Member>) {
        list.replaceSubrange(range, with: members)
    }
}

extension JSONObject: ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral {
    /// An object of members in the order they are written.
    @inlinable public init(arrayLiteral elements: Member...) { list = elements }

    /// An object of members in the order they are written.
    @inlinable public init(dictionaryLiteral elements: (String, JSON)...) { self.init(elements) }
}
