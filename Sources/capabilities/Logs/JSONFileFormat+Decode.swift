internal import Linux
internal import Model

extension JSONFileFormat {
    /// Takes one entry apart, its newline not included, unescaping the output into `space`, which has at least as
    /// many bytes as the line; `nil` when it is damaged. Attributes between stream and time are passed over.
    static func decode(_ line: UnsafeRawBufferPointer, into space: UnsafeMutableRawPointer) -> LogRecord? {
        guard line.count > 40, line.holds(#"{"log":""#, at: 0),
            let (length, end) = unescape(line, from: 8, into: space)
        else { return nil }
        var index = end
        guard line.holds(#"","stream":"std"#, at: index) else { return nil }
        index += 15
        let stream: OutputStream
        if line.holds(#"out""#, at: index) {
            stream = .stdout
        } else if line.holds(#"err""#, at: index) {
            stream = .stderr
        } else {
            return nil
        }
        index += 4
        guard line[line.count - 1] == 0x7D, line[line.count - 2] == 0x22 else { return nil }
        let stop = line.count - 2
        var start = stop
        while start > index, line[start - 1] != 0x22 { start -= 1 }
        guard start - 9 >= index, line.holds(#","time":""#, at: start - 9) else { return nil }
        let endsLine = length > 0 && space.load(fromByteOffset: length - 1, as: UInt8.self) == 0x0A
        return LogRecord(
            stamp: UnsafeRawBufferPointer(rebasing: line[start..<stop]), stream: stream,
            content: UnsafeRawBufferPointer(start: space, count: endsLine ? length - 1 : length), endsLine: endsLine)
    }

    /// Returns the length of the text and the index of the quote that ends it.
    private static func unescape(
        _ line: UnsafeRawBufferPointer, from first: Int, into space: UnsafeMutableRawPointer
    ) -> (length: Int, end: Int)? {
        guard let base = line.baseAddress else { return nil }
        var index = first
        var length = 0
        var quote = -1
        while true {
            if quote < index {
                let rest = UnsafeRawBufferPointer(start: base + index, count: line.count - index)
                guard let found = rest.offset(of: 0x22) else { return nil }
                quote = index + found
            }
            let escape = UnsafeRawBufferPointer(start: base + index, count: quote - index).offset(of: 0x5C)
            let run = escape ?? (quote - index)
            (space + length).copyMemory(from: base + index, byteCount: run)
            length += run
            index += run
            guard escape != nil else { return (length, index) }
            guard index + 1 < line.count else { return nil }
            if line[index + 1] == 0x75 {
                guard let used = unescapeUnicode(line, index, space, &length) else { return nil }
                index += used
            } else {
                guard let byte = simpleEscape(line[index + 1]) else { return nil }
                space.storeBytes(of: byte, toByteOffset: length, as: UInt8.self)
                length += 1
                index += 2
            }
        }
    }

    private static func simpleEscape(_ letter: UInt8) -> UInt8? {
        switch letter {
        case 0x6E: 0x0A
        case 0x72: 0x0D
        case 0x74: 0x09
        case 0x62: 0x08
        case 0x66: 0x0C
        case 0x22, 0x5C, 0x2F: letter
        default: nil
        }
    }

    /// Returns how many bytes of the line it took: 6, or 12 for a pair of surrogates.
    private static func unescapeUnicode(
        _ line: UnsafeRawBufferPointer, _ index: Int, _ space: UnsafeMutableRawPointer, _ length: inout Int
    ) -> Int? {
        guard let first = hexValue(line, index + 2) else { return nil }
        var value = first
        var used = 6
        if (0xD800...0xDBFF).contains(first), index + 7 < line.count, line[index + 6] == 0x5C,
            line[index + 7] == 0x75, let second = hexValue(line, index + 8), (0xDC00...0xDFFF).contains(second)
        {
            value = 0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)
            used = 12
        }
        let character = Unicode.Scalar(value) ?? Unicode.Scalar(0xFFFD as UInt16) ?? " "
        for byte in UTF8.encode(character) ?? UTF8.encodedReplacementCharacter {
            space.storeBytes(of: byte, toByteOffset: length, as: UInt8.self)
            length += 1
        }
        return used
    }

    private static func hexValue(_ line: UnsafeRawBufferPointer, _ index: Int) -> UInt32? {
        guard index + 4 <= line.count else { return nil }
        var value: UInt32 = 0
        for digit in line[index..<index + 4] {
            switch digit {
            case 0x30...0x39: value = value << 4 | UInt32(digit - 0x30)
            case 0x41...0x46, 0x61...0x66: value = value << 4 | UInt32((digit | 0x20) - 0x61 + 10)
            default: return nil
            }
        }
        return value
    }
}
