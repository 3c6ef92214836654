internal import Model

/// Docker's json-file format, escaped as its encoder does: control characters but newline and return as `\u00xx`,
/// `<`, `>` and `&` too, U+2028 and U+2029, and each byte that is not UTF-8 as `\ufffd`.
enum JSONFileFormat: LogFormat {
    private static let opening: StaticString = #"{"log":""#
    private static let beforeStream: StaticString = #"","stream":""#
    private static let beforeTime: StaticString = #"","time":""#
    private static let closing: StaticString = "\"}\n"
    private static let hex = Array("0123456789abcdef".utf8)

    /// Six bytes of output for one of input at most.
    static func bound(_ content: Int) -> Int { content * 6 + 96 }

    static func encode(
        _ content: UnsafeRawBufferPointer, _ stream: OutputStream, isPartial: Bool, stamp: borrowing LogStamp,
        at place: UnsafeMutableRawPointer
    ) -> Int {
        var out = place
        put(opening, &out)
        escape(content, &out)
        if !isPartial {
            putByte(0x5C, &out)
            putByte(0x6E, &out)
        }
        put(beforeStream, &out)
        put(stream == .stdout ? "stdout" : "stderr", &out)
        put(beforeTime, &out)
        let length = stamp.trimmedLength
        stamp.text.withUnsafeBytes { text in
            if let base = text.baseAddress { out.copyMemory(from: base, byteCount: length) }
        }
        out += length - 1
        putByte(0x5A, &out)
        put(closing, &out)
        return out - place
    }

    private static func escape(_ content: UnsafeRawBufferPointer, _ out: inout UnsafeMutableRawPointer) {
        guard let base = content.baseAddress else { return }
        var start = 0
        var index = 0
        while index < content.count {
            let byte = content[index]
            if isPlain(byte) {
                index += 1
                continue
            }
            let length = byte < 0x80 ? 0 : UTF8Sequence.length(content, at: index)
            let isSeparator =
                length == 3 && byte == 0xE2 && content[index + 1] == 0x80 && content[index + 2] & 0xFE == 0xA8
            if length > 0, !isSeparator {
                index += length
                continue
            }
            out.copyMemory(from: base + start, byteCount: index - start)
            out += index - start
            if isSeparator {
                put(#"\u202"#, &out)
                putByte(hex[Int(content[index + 2] & 0x0F)], &out)
                index += 3
            } else {
                escape(byte, &out)
                index += 1
            }
            start = index
        }
        out.copyMemory(from: base + start, byteCount: index - start)
        out += index - start
    }

    @inline(__always)
    private static func isPlain(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte < 0x80 && byte != 0x5C && byte != 0x22 && byte != 0x3C && byte != 0x3E && byte != 0x26
    }

    private static func escape(_ byte: UInt8, _ out: inout UnsafeMutableRawPointer) {
        switch byte {
        case 0x80...: put(#"\ufffd"#, &out)
        case 0x5C, 0x22:
            putByte(0x5C, &out)
            putByte(byte, &out)
        case 0x0A: put(#"\n"#, &out)
        case 0x0D: put(#"\r"#, &out)
        default:
            put(#"\u00"#, &out)
            putByte(hex[Int(byte >> 4)], &out)
            putByte(hex[Int(byte & 0x0F)], &out)
        }
    }

    @inline(__always)
    private static func put(_ text: StaticString, _ out: inout UnsafeMutableRawPointer) {
        out.copyMemory(from: text.utf8Start, byteCount: text.utf8CodeUnitCount)
        out += text.utf8CodeUnitCount
    }

    @inline(__always)
    private static func putByte(_ byte: UInt8, _ out: inout UnsafeMutableRawPointer) {
        out.storeBytes(of: byte, as: UInt8.self)
        out += 1
    }
}

/// Whole characters of UTF-8, as Go's utf8.DecodeRune sees them: no surrogates, no overlong forms.
enum UTF8Sequence {
    /// The length of the character at `index`, which begins with a byte above 0x7F; 0 when it is none.
    static func length(_ bytes: UnsafeRawBufferPointer, at index: Int) -> Int {
        let lead = bytes[index]
        let length: Int
        var second: ClosedRange<UInt8> = 0x80...0xBF
        switch lead {
        case 0xC2...0xDF: length = 2
        case 0xE0...0xEF:
            length = 3
            if lead == 0xE0 { second = 0xA0...0xBF }
            if lead == 0xED { second = 0x80...0x9F }
        case 0xF0...0xF4:
            length = 4
            if lead == 0xF0 { second = 0x90...0xBF }
            if lead == 0xF4 { second = 0x80...0x8F }
        default: return 0
        }
        guard index + length <= bytes.count, second.contains(bytes[index + 1]) else { return 0 }
        for place in stride(from: 2, to: length, by: 1) where bytes[index + place] & 0xC0 != 0x80 { return 0 }
        return length
    }
}
