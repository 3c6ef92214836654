internal import Linux

/// Where tag characters (U+E0000 to U+E007F) are in a stream.
///
/// libarchive converts names in pax headers from UTF-8 to the encoding of the locale. In the C locale that fails for all that is not
/// ASCII, and it then gives the bytes as they are; but the C library's iconv(3) drops tag characters without a word.
struct TagCharacters {
    /// Offsets of their second bytes, ascending; those that were passed are forgotten.
    private var offsets: [Int64] = []
    private var last: (UInt8, UInt8) = (0, 0)

    private static let start: (UInt8, UInt8) = (0xF3, 0xA0)

    /// Looks at the next bytes, which end at an offset of the stream; nothing before `passed` will be asked for.
    mutating func look(at bytes: UnsafeRawBufferPointer, endingAt end: Int64, behind passed: Int64) {
        offsets.removeAll { $0 < passed }
        let begin = end - Int64(bytes.count)
        // A character may lie across two blocks.
        if last.0 == Self.start.0, last.1 == Self.start.1, let first = bytes.first, first & 0xFE == 0x80 {
            offsets.append(begin - 1)
        } else if last.1 == Self.start.0, bytes.count > 1, bytes[0] == Self.start.1, bytes[1] & 0xFE == 0x80 {
            offsets.append(begin)
        }
        var from = 0
        while let found = UnsafeRawBufferPointer(rebasing: bytes[from...]).offset(of: Self.start.0) {
            let place = from + found
            from = place + 1
            guard place + 2 < bytes.count, bytes[place + 1] == Self.start.1, bytes[place + 2] & 0xFE == 0x80 else {
                continue
            }
            offsets.append(begin + Int64(place + 1))
        }
        for byte in bytes.suffix(2) { last = (last.1, byte) }
    }

    func contains(in range: Range<Int64>) -> Bool { offsets.contains { range.contains($0) } }
}
