extension JSON {
    /// The deepest nesting accepted.
    public static let maximumDepth = 512

    /// Parses one document with nothing but blanks around it (RFC 8259).
    public init(parsing bytes: some Collection<UInt8>) throws(EngineError) {
        var parser = JSONParser(bytes: Array(bytes))
        self = try parser.document()
    }

    /// Parses one document from text.
    public init(parsing text: String) throws(EngineError) { try self.init(parsing: Array(text.utf8)) }
}

private struct JSONParser {
    let bytes: [UInt8]
    var index = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func document() throws(EngineError) -> JSON {
        let value = try self.value(depth: 0)
        skipBlanks()
        guard index == bytes.count else { throw failure("text after the document") }
        return value
    }

    private func failure(_ what: String) -> EngineError { .malformed("JSON: \(what) at byte \(index)") }

    private var current: UInt8? { index < bytes.count ? bytes[index] : nil }

    private mutating func skipBlanks() {
        while let byte = current, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { index += 1 }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard current == byte else { return false }
        index += 1
        return true
    }

    private mutating func literal(_ text: String, _ value: JSON) throws(EngineError) -> JSON {
        for byte in text.utf8 {
            guard take(byte) else { throw failure("a word that is none") }
        }
        return value
    }

    private mutating func value(depth: Int) throws(EngineError) -> JSON {
        guard depth <= JSON.maximumDepth else { throw failure("nested too deeply") }
        skipBlanks()
        switch current {
        case 0x7B: return try object(depth: depth)
        case 0x5B: return try array(depth: depth)
        case 0x22: return .string(try string())
        case 0x74: return try literal("true", .bool(true))
        case 0x66: return try literal("false", .bool(false))
        case 0x6E: return try literal("null", .null)
        case .some, .none: return try number()
        }
    }

    private mutating func object(depth: Int) throws(EngineError) -> JSON {
        index += 1
        var members: [JSON.Member] = []
        skipBlanks()
        if take(0x7D) { return .object(members) }
        while true {
            skipBlanks()
            guard current == 0x22 else { throw failure("a member without a name") }
            let name = try string()
            skipBlanks()
            guard take(0x3A) else { throw failure("a member without a colon") }
            members.append(JSON.Member(name, try value(depth: depth + 1)))
            skipBlanks()
            if take(0x2C) { continue }
            guard take(0x7D) else { throw failure("an object without an end") }
            return .object(members)
        }
    }

    private mutating func array(depth: Int) throws(EngineError) -> JSON {
        index += 1
        var elements: [JSON] = []
        skipBlanks()
        if take(0x5D) { return .array(elements) }
        while true {
            elements.append(try value(depth: depth + 1))
            skipBlanks()
            if take(0x2C) { continue }
            guard take(0x5D) else { throw failure("an array without an end") }
            return .array(elements)
        }
    }

    private mutating func number() throws(EngineError) -> JSON {
        let start = index
        while let byte = current {
            switch byte {
            case 0x30...0x39, 0x2B, 0x2D, 0x2E, 0x45, 0x65: index += 1
            default:
                return try finishNumber(from: start)
            }
        }
        return try finishNumber(from: start)
    }

    private func finishNumber(from start: Int) throws(EngineError) -> JSON {
        let text = String(decoding: bytes[start..<index], as: UTF8.self)
        guard Self.isNumber(bytes[start..<index]) else { throw failure("no value") }
        return .number(text)
    }

    /// Whether a text is a number by RFC 8259, section 6.
    private static func isNumber(_ text: ArraySlice<UInt8>) -> Bool {
        var rest = text
        func digits() -> Int {
            let count = rest.prefix { (0x30...0x39).contains($0) }.count
            rest = rest.dropFirst(count)
            return count
        }
        if rest.first == 0x2D { rest.removeFirst() }
        let startsWithZero = rest.first == 0x30
        let whole = digits()
        guard whole == 1 || (whole > 1 && !startsWithZero) else { return false }
        if rest.first == 0x2E {
            rest.removeFirst()
            guard digits() > 0 else { return false }
        }
        if let letter = rest.first, letter | 0x20 == 0x65 {
            rest.removeFirst()
            if rest.first == 0x2B || rest.first == 0x2D { rest.removeFirst() }
            guard digits() > 0 else { return false }
        }
        return rest.isEmpty
    }

    private mutating func string() throws(EngineError) -> String {
        index += 1
        let start = index
        while let byte = current, byte != 0x22, byte != 0x5C { index += 1 }
        if take(0x22) { return String(decoding: bytes[start..<index - 1], as: UTF8.self) }
        var out = Array(bytes[start..<index])
        while let byte = current {
            index += 1
            switch byte {
            case 0x22: return String(decoding: out, as: UTF8.self)
            case 0x5C: try escape(into: &out)
            default: out.append(byte)
            }
        }
        throw failure("a string without an end")
    }

    private mutating func escape(into out: inout [UInt8]) throws(EngineError) {
        guard let byte = current else { throw failure("a string without an end") }
        index += 1
        switch byte {
        case 0x22, 0x5C, 0x2F: out.append(byte)
        case 0x62: out.append(0x08)
        case 0x66: out.append(0x0C)
        case 0x6E: out.append(0x0A)
        case 0x72: out.append(0x0D)
        case 0x74: out.append(0x09)
        case 0x75:
            var code = try hexadecimal()
            if (0xD800..<0xDC00).contains(code), bytes[index...].starts(with: [0x5C, 0x75]) {
                index += 2
                let low = try hexadecimal()
                code = (0xDC00..<0xE000).contains(low) ? 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00) : 0xFFFD
            }
            out += Array(String(Unicode.Scalar(code) ?? "\u{FFFD}").utf8)
        default: throw failure("an escape that is none")
        }
    }

    private mutating func hexadecimal() throws(EngineError) -> UInt32 {
        guard index + 4 <= bytes.count,
            let code = UInt32(String(decoding: bytes[index..<index + 4], as: UTF8.self), radix: 16)
        else { throw failure("a short escape") }
        index += 4
        return code
    }
}
