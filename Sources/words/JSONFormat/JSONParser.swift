/// Why a text is not JSON, in the words of Go's encoding/json, which Docker's clients know.
public struct JSONSyntaxError: Error, Hashable, Sendable {
    /// For example `invalid character 'b' looking for beginning of value`.
    public let message: String
    /// Where it was found, in bytes from the start.
    public let offset: Int
}

extension JSON {
    /// Deeper values are refused, so that hostile input cannot exhaust the stack.
    public static let maximumDepth = 200

    /// Parses one JSON value that fills the whole input but for white space. `values` is how many values it may have in all, those
    /// in arrays and objects included: each takes many times the bytes of its text.
    ///
    /// - Throws: `JSONSyntaxError` for everything else.
    public init(parsing bytes: some Sequence<UInt8>, values: Int = .max) throws(JSONSyntaxError) {
        var parser = JSONParser(bytes: Array(bytes), values: values)
        self = try parser.document()
    }

    /// Parses one JSON value that fills the whole text but for white space.
    ///
    /// - Throws: `JSONSyntaxError` for everything else.
    public init(parsing text: String) throws(JSONSyntaxError) { try self.init(parsing: text.utf8) }
}

/// A recursive-descent parser over bytes (RFC 8259).
struct JSONParser {
    private let bytes: [UInt8]
    private var at = 0
    private var left: Int

    init(bytes: [UInt8], values: Int = .max) {
        self.bytes = bytes
        left = values
    }

    mutating func document() throws(JSONSyntaxError) -> JSON {
        skipSpace()
        if at == bytes.count { throw failure("EOF") }
        let value = try value(depth: 0)
        skipSpace()
        if at < bytes.count { throw failure("unexpected content after JSON") }
        return value
    }

    private mutating func value(depth: Int) throws(JSONSyntaxError) -> JSON {
        if depth > JSON.maximumDepth { throw failure("exceeded max depth") }
        guard left > 0 else { throw failure("more values than may be") }
        left -= 1
        skipSpace()
        switch try peek() {
        case 0x7B: return try object(depth: depth)
        case 0x5B: return try array(depth: depth)
        case 0x22: return .string(try string())
        case 0x74: return try literal("true", .bool(true))
        case 0x66: return try literal("false", .bool(false))
        case 0x6E: return try literal("null", .null)
        case 0x2D, 0x30...0x39: return try number()
        default: throw unexpected("looking for beginning of value")
        }
    }

    private mutating func object(depth: Int) throws(JSONSyntaxError) -> JSON {
        at += 1
        var object = JSONObject()
        skipSpace()
        if try peek() == 0x7D {
            at += 1
            return .object(object)
        }
        while true {
            skipSpace()
            guard try peek() == 0x22 else { throw unexpected("looking for beginning of object key string") }
            let name = try string()
            skipSpace()
            guard try peek() == 0x3A else { throw unexpected("after object key") }
            at += 1
            object.append(name, try value(depth: depth + 1))
            skipSpace()
            switch try peek() {
            case 0x2C: at += 1
            case 0x7D:
                at += 1
                return .object(object)
            default: throw unexpected("after object key:value pair")
            }
        }
    }

    private mutating func array(depth: Int) throws(JSONSyntaxError) -> JSON {
        at += 1
        var elements: [JSON] = []
        skipSpace()
        if try peek() == 0x5D {
            at += 1
            return .array(elements)
        }
        while true {
            elements.append(try value(depth: depth + 1))
            skipSpace()
            switch try peek() {
            case 0x2C: at += 1
            case 0x5D:
                at += 1
                return .array(elements)
            default: throw unexpected("after array element")
            }
        }
    }

    private mutating func literal(_ word: StaticString, _ value: JSON) throws(JSONSyntaxError) -> JSON {
        for byte in word.description.utf8 {
            guard try peek() == byte else { throw unexpected("in literal \(word)") }
            at += 1
        }
        return value
    }

    private mutating func number() throws(JSONSyntaxError) -> JSON {
        let start = at
        if bytes[at] == 0x2D { at += 1 }
        let first = try peek()
        guard Self.isDigit(first) else { throw unexpected("in numeric literal") }
        if first == 0x30 { at += 1 } else { skipDigits() }
        if at < bytes.count, bytes[at] == 0x2E {
            at += 1
            guard Self.isDigit(try peek()) else { throw unexpected("after decimal point in numeric literal") }
            skipDigits()
        }
        if at < bytes.count, bytes[at] | 0x20 == 0x65 {
            at += 1
            if try peek() == 0x2B || bytes[at] == 0x2D { at += 1 }
            guard Self.isDigit(try peek()) else { throw unexpected("in exponent of numeric literal") }
            skipDigits()
        }
        return .number(String(decoding: bytes[start..<at], as: UTF8.self))
    }

    private mutating func string() throws(JSONSyntaxError) -> String {
        at += 1
        let start = at
        // Most have nothing to undo.
        while at < bytes.count, bytes[at] >= 0x20, bytes[at] != 0x22, bytes[at] != 0x5C { at += 1 }
        if at < bytes.count, bytes[at] == 0x22 {
            at += 1
            return String(decoding: bytes[start..<at - 1], as: UTF8.self)
        }
        var text = Array(bytes[start..<at])
        while true {
            let byte = try peek()
            at += 1
            switch byte {
            case 0x22: return String(decoding: text, as: UTF8.self)
            case 0x5C: try escape(into: &text)
            case 0x00..<0x20:
                at -= 1
                throw unexpected("in string literal")
            default: text.append(byte)
            }
        }
    }

    private mutating func escape(into text: inout [UInt8]) throws(JSONSyntaxError) {
        let byte = try peek()
        at += 1
        switch byte {
        case 0x22, 0x5C, 0x2F: text.append(byte)
        case 0x62: text.append(0x08)
        case 0x66: text.append(0x0C)
        case 0x6E: text.append(0x0A)
        case 0x72: text.append(0x0D)
        case 0x74: text.append(0x09)
        case 0x75:
            var unit = try hexUnit()
            if (0xD800...0xDBFF).contains(unit), at + 1 < bytes.count, bytes[at] == 0x5C, bytes[at + 1] == 0x75 {
                let mark = at
                at += 2
                let low = try hexUnit()
                if (0xDC00...0xDFFF).contains(low) {
                    unit = 0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00)
                } else {
                    at = mark
                }
            }
            let scalar = Unicode.Scalar(unit) ?? "\u{FFFD}"
            text.append(contentsOf: String(Character(scalar)).utf8)
        default:
            at -= 1
            throw unexpected("in string escape code")
        }
    }

    private mutating func hexUnit() throws(JSONSyntaxError) -> UInt32 {
        var unit: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = Character(Unicode.Scalar(try peek())).hexDigitValue else {
                throw unexpected("in \\u hexadecimal character escape")
            }
            unit = unit << 4 | UInt32(digit)
            at += 1
        }
        return unit
    }

    private mutating func skipSpace() {
        while at < bytes.count, bytes[at] == 0x20 || (0x09...0x0A).contains(bytes[at]) || bytes[at] == 0x0D { at += 1 }
    }

    private mutating func skipDigits() {
        while at < bytes.count, Self.isDigit(bytes[at]) { at += 1 }
    }

    private func peek() throws(JSONSyntaxError) -> UInt8 {
        guard at < bytes.count else { throw failure("unexpected EOF") }
        return bytes[at]
    }

    private func failure(_ message: String) -> JSONSyntaxError { JSONSyntaxError(message: message, offset: at) }

    private func unexpected(_ place: String) -> JSONSyntaxError {
        let scalar = Unicode.Scalar(bytes[at])
        let shown =
            scalar.isASCII && bytes[at] >= 0x20 ? String(Character(scalar)) : "\\x" + String(bytes[at], radix: 16)
        return failure("invalid character '\(shown)' \(place)")
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
