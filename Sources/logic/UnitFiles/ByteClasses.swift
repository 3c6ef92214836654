/// What the formats ask of a byte.
extension UInt8 {
    /// A blank or a tab.
    var isBlank: Bool { self == 0x20 || self == 0x09 }

    /// What systemd calls whitespace: blank, tab, newline, carriage return.
    var isSystemdSpace: Bool { isBlank || self == 0x0A || self == 0x0D }

    /// An ASCII letter or digit.
    var isAlphanumeric: Bool {
        (0x30...0x39).contains(self) || (0x41...0x5A).contains(self) || (0x61...0x7A).contains(self)
    }

    /// An ASCII control character.
    var isControl: Bool { self < 0x20 || self == 0x7F }
}

extension Collection<UInt8> {
    /// Whether an environment variable may be called so: letters, digits and `_`, no digit first.
    var isVariableName: Bool {
        guard let first, !(0x30...0x39).contains(first) else { return false }
        return allSatisfy { $0.isAlphanumeric || $0 == 0x5F }
    }
}

extension ByteString {
    /// Whether the bytes are UTF-8.
    var isUTF8: Bool { text != nil }

    /// Without the bytes at both ends that answer to `predicate`.
    func trimmed(_ predicate: (UInt8) -> Bool) -> ByteString {
        var rest = bytes[...]
        while let first = rest.first, predicate(first) { rest.removeFirst() }
        while let last = rest.last, predicate(last) { rest.removeLast() }
        return ByteString(rest)
    }
}
