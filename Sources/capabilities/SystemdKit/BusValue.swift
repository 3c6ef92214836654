internal import CSystemd

/// A property's value.
public indirect enum BusValue: Hashable, Sendable {
    /// A string, an object path or a signature.
    case text(String)
    /// A boolean.
    case flag(Bool)
    /// An integer of any width.
    case number(Int64)
    /// An unsigned integer that may be greater than `Int64.max`; systemd writes "infinity" as the greatest one.
    case unsigned(UInt64)
    /// A floating point number.
    case real(Double)
    /// An array.
    case list([BusValue])
    /// A structure or a dictionary's entry.
    case tuple([BusValue])

    /// The value in words: lists and structures have their parts after each other with blanks between.
    public var description: String {
        switch self {
        case .text(let text): text
        case .flag(let flag): flag ? "yes" : "no"
        case .number(let number): String(number)
        case .unsigned(let number): number == UInt64.max ? "infinity" : String(number)
        case .real(let number): String(number)
        case .list(let values), .tuple(let values): values.map(\.description).joined(separator: " ")
        }
    }
}

extension BusMessage {
    /// D-Bus allows 64 containers within each other.
    private static let deepest = 64

    /// The next value of any type; `nil` at the end of the message or of the container.
    func readValue(depth: Int = 0) throws(SystemdError) -> BusValue? {
        guard depth < Self.deepest else {
            throw .connection(operation: operation, object: object, reason: "the answer is nested too deep")
        }
        var type: CChar = 0
        var contents: UnsafePointer<CChar>?
        let peeked = sd_bus_message_peek_type(message, &type, &contents)
        try check(peeked)
        guard peeked > 0 else { return nil }
        switch UInt8(bitPattern: type) {
        case UInt8(ascii: "s"), UInt8(ascii: "o"), UInt8(ascii: "g"):
            var text: UnsafePointer<CChar>?
            try check(sd_bus_message_read_basic(message, type, &text))
            return .text(text.map { String(cString: $0) } ?? "")
        case UInt8(ascii: "b"):
            var number: Int32 = 0
            try check(sd_bus_message_read_basic(message, type, &number))
            return .flag(number != 0)
        case UInt8(ascii: "y"): return .number(Int64(try read(type, UInt8.self)))
        case UInt8(ascii: "n"): return .number(Int64(try read(type, Int16.self)))
        case UInt8(ascii: "q"): return .number(Int64(try read(type, UInt16.self)))
        case UInt8(ascii: "i"): return .number(Int64(try read(type, Int32.self)))
        case UInt8(ascii: "u"): return .number(Int64(try read(type, UInt32.self)))
        case UInt8(ascii: "x"): return .number(try read(type, Int64.self))
        case UInt8(ascii: "t"): return .unsigned(try read(type, UInt64.self))
        case UInt8(ascii: "d"):
            var number = 0.0
            try check(sd_bus_message_read_basic(message, type, &number))
            return .real(number)
        case UInt8(ascii: "a"): return .list(try readContainer(type, contents, depth))
        case UInt8(ascii: "r"), UInt8(ascii: "e"): return .tuple(try readContainer(type, contents, depth))
        case UInt8(ascii: "v"):
            let values = try readContainer(type, contents, depth)
            return values.first ?? .tuple([])
        default:
            throw .connection(operation: operation, object: object, reason: "the answer has a value of an unknown type")
        }
    }

    private func read<Number: FixedWidthInteger>(_ type: CChar, _ kind: Number.Type) throws(SystemdError) -> Number {
        var number: Number = 0
        try check(sd_bus_message_read_basic(message, type, &number))
        return number
    }

    private func readContainer(
        _ type: CChar, _ contents: UnsafePointer<CChar>?, _ depth: Int
    ) throws(SystemdError) -> [BusValue] {
        try check(sd_bus_message_enter_container(message, type, contents))
        var values: [BusValue] = []
        while let value = try readValue(depth: depth + 1) { values.append(value) }
        try check(sd_bus_message_exit_container(message))
        return values
    }
}
