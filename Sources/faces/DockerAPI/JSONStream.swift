public import JSONFormat

/// A writer of a large answer, member by member, without a tree of values in between: a list of a thousand containers
/// is requested many times a second. The result equals that of `JSON.encoded`.
public struct JSONStream {
    /// The bytes written so far.
    public private(set) var bytes: [UInt8] = []
    private var needsComma = false

    /// A stream with room for `capacity` bytes; it grows beyond.
    public init(capacity: Int = 256) { bytes.reserveCapacity(capacity) }

    /// Writes an object; `body` writes its members.
    public mutating func object(_ body: (inout Self) -> Void) {
        begin(0x7B)
        body(&self)
        end(0x7D)
    }

    /// Writes an array; `body` writes one element.
    public mutating func array<Elements: Sequence>(
        _ elements: Elements, _ body: (inout Self, Elements.Element) -> Void
    ) {
        begin(0x5B)
        for element in elements { body(&self, element) }
        end(0x5D)
    }

    /// Writes the name of the member whose value is written next.
    public mutating func name(_ name: StaticString) {
        separate()
        bytes.append(0x22)
        name.withUTF8Buffer { bytes.append(contentsOf: $0) }
        bytes.append(0x22)
        bytes.append(0x3A)
        needsComma = false
    }

    /// Writes a value.
    public mutating func value(_ json: JSON) {
        separate()
        json.write(into: &bytes)
    }

    /// Writes a text.
    public mutating func value(_ text: String) {
        separate()
        JSON.write(text, into: &bytes)
    }

    /// Writes a value that is encoded already.
    public mutating func value(encoded: [UInt8]) {
        separate()
        bytes.append(contentsOf: encoded)
    }

    /// Writes a member whose value is a text.
    public mutating func member(_ name: StaticString, _ text: String) {
        self.name(name)
        value(text)
    }

    /// Writes a member of any type.
    public mutating func member(_ name: StaticString, _ json: JSON) {
        self.name(name)
        value(json)
    }

    private mutating func separate() {
        if needsComma { bytes.append(0x2C) }
        needsComma = true
    }

    private mutating func begin(_ bracket: UInt8) {
        separate()
        bytes.append(bracket)
        needsComma = false
    }

    private mutating func end(_ bracket: UInt8) {
        bytes.append(bracket)
        needsComma = true
    }
}
