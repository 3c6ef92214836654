extension String {
    /// The text with its control characters in the form `\x1b`, for foreign texts on terminals and in logs. Control characters
    /// are C0, DEL and C1, as terminals obey them. Backslashes stay as they are.
    public var withControlsShown: String {
        guard utf8.contains(where: { $0 < 0x20 || $0 == 0x7F || $0 == 0xC2 }) else { return self }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(utf8.count &+ 16)
        var afterC2 = false
        for byte in utf8 {
            if afterC2 {
                afterC2 = false
                if byte < 0xA0 {
                    Self.show(byte, &bytes)
                    continue
                }
                bytes.append(0xC2)
            }
            if byte == 0xC2 {
                afterC2 = true
            } else if byte < 0x20 || byte == 0x7F {
                Self.show(byte, &bytes)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func show(_ byte: UInt8, _ bytes: inout [UInt8]) {
        func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 &+ value : 0x57 &+ value }
        bytes += [0x5C, 0x78, digit(byte >> 4), digit(byte & 15)]
    }
}
