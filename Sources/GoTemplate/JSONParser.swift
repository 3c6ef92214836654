/// Why a text is not JSON.
public struct JSONParseError: Error, Equatable, Sendable {
    /// Where it went wrong, in bytes from the start.
    public let offset: Int
}

/// Reads JSON (RFC 8259) into values that keep order and number texts.
public struct JSONParser {
    private let bytes: [UInt8]
    private var position = 0
    private var depth = 0

    /// Arrays and objects may nest this deep.
    private static let maximumDepth = 512

    /// Reads one value with nothing but space behind it.
    ///
    /// - Throws: `JSONParseError` with the offset of the first wrong byte.
    public static func parse(_ bytes: [UInt8]) throws(JSONParseError) -> JSONValue {
        var parser = JSONParser(bytes: bytes)
        let value = try parser.value()
        parser.skipSpace()
        guard parser.position == bytes.count else { throw parser.failure }
        return value
    }

    /// Reads one value of a text.
    public static func parse(_ text: String) throws(JSONParseError) -> JSONValue { try parse(Array(text.utf8)) }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private var failure: JSONParseError { JSONParseError(offset: position) }

    private mutating func skipSpace() {
        while position < bytes.count, [32, 9, 10, 13].contains(bytes[position]) { position += 1 }
    }

    private mutating func expect(_ byte: Unicode.Scalar) throws(JSONParseError) {
        guard position < bytes.count, bytes[position] == UInt8(ascii: byte) else { throw failure }
        position += 1
    }

    private mutating func accept(_ byte: Unicode.Scalar) -> Bool {
        guard position < bytes.count, bytes[position] == UInt8(ascii: byte) else { return false }
        position += 1
        return true
    }

    private mutating func value() throws(JSONParseError) -> JSONValue {
        skipSpace()
        guard position < bytes.count else { throw failure }
        switch bytes[position] {
        case UInt8(ascii: "{"): return try nested { parser throws(JSONParseError) in try parser.object() }
        case UInt8(ascii: "["): return try nested { parser throws(JSONParseError) in try parser.array() }
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return try number()
        }
    }

    private mutating func nested(
        _ body: (inout JSONParser) throws(JSONParseError) -> JSONValue
    ) throws(JSONParseError) -> JSONValue {
        guard depth < Self.maximumDepth else { throw failure }
        depth += 1
        defer { depth -= 1 }
        return try body(&self)
    }

    private mutating func word(_ word: String, _ value: JSONValue) throws(JSONParseError) -> JSONValue {
        guard bytes[position...].starts(with: word.utf8) else { throw failure }
        position += word.utf8.count
        return value
    }

    private mutating func object() throws(JSONParseError) -> JSONValue {
        try expect("{")
        skipSpace()
        var members: [JSONMember] = []
        if accept("}") { return .object([]) }
        while true {
            skipSpace()
            let key = try string()
            skipSpace()
            try expect(":")
            members.append(JSONMember(key: key, value: try value()))
            skipSpace()
            if accept("}") { return .object(members) }
            try expect(",")
        }
    }

    private mutating func array() throws(JSONParseError) -> JSONValue {
        try expect("[")
        skipSpace()
        var elements: [JSONValue] = []
        if accept("]") { return .array([]) }
        while true {
            elements.append(try value())
            skipSpace()
            if accept("]") { return .array(elements) }
            try expect(",")
        }
    }

    private mutating func number() throws(JSONParseError) -> JSONValue {
        let start = position
        _ = accept("-")
        let first = position
        digits()
        guard position > first, bytes[first] != UInt8(ascii: "0") || position == first + 1 else { throw failure }
        if accept(".") {
            let point = position
            digits()
            guard position > point else { throw failure }
        }
        if accept("e") || accept("E") {
            if !accept("+") { _ = accept("-") }
            let exponent = position
            digits()
            guard position > exponent else { throw failure }
        }
        return .number(GoText.string(bytes[start..<position]))
    }

    private mutating func digits() {
        while position < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[position]) {
            position += 1
        }
    }

    private mutating func string() throws(JSONParseError) -> String {
        try expect("\"")
        let start = position
        while position < bytes.count, bytes[position] != UInt8(ascii: "\""), bytes[position] != UInt8(ascii: "\\"),
            bytes[position] >= 0x20
        {
            position += 1
        }
        var result = Array(bytes[start..<position])
        while position < bytes.count {
            let byte = bytes[position]
            if byte == UInt8(ascii: "\"") {
                position += 1
                return GoText.string(result)
            }
            guard byte >= 0x20 else { throw failure }
            position += 1
            if byte == UInt8(ascii: "\\") { try escape(&result) } else { result.append(byte) }
        }
        throw failure
    }

    private mutating func escape(_ result: inout [UInt8]) throws(JSONParseError) {
        guard position < bytes.count else { throw failure }
        let letter = bytes[position]
        position += 1
        switch Unicode.Scalar(letter) {
        case "\"", "\\", "/": result.append(letter)
        case "b": result.append(8)
        case "f": result.append(12)
        case "n": result.append(10)
        case "r": result.append(13)
        case "t": result.append(9)
        case "u": result.append(contentsOf: String(try codePoint()).utf8)
        default:
            position -= 1
            throw failure
        }
    }

    private mutating func codePoint() throws(JSONParseError) -> Unicode.Scalar {
        let first = try hexadecimal()
        if (0xD800..<0xDC00).contains(first), bytes[position...].starts(with: "\\u".utf8) {
            let kept = position
            position += 2
            let second = try hexadecimal()
            if (0xDC00..<0xE000).contains(second) {
                return Unicode.Scalar(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00)) ?? "\u{FFFD}"
            }
            position = kept
        }
        return Unicode.Scalar(first) ?? "\u{FFFD}"
    }

    private mutating func hexadecimal() throws(JSONParseError) -> UInt32 {
        guard position + 4 <= bytes.count,
            let value = UInt32(GoText.string(bytes[position..<position + 4]), radix: 16)
        else { throw failure }
        position += 4
        return value
    }
}
