// Text that comes from outside, looked at as the bytes that it is. Swift's own `split`, `hasPrefix`, `firstIndex` and `==` look at
// characters: "=" and a combining accent are one that is not "=", "\r\n" is one that is not "\n", and two spellings of a letter are
// the same text.
//
// All is inlinable: unspecialized, each byte would be asked for through witness tables, which costs a command half a millisecond.
extension StringProtocol where SubSequence == Substring, UTF8View: BidirectionalCollection {
    /// The parts between the bytes of an ASCII character.
    @inlinable public func split(
        byte: Unicode.Scalar, maxSplits: Int = .max, omittingEmptySubsequences: Bool = true
    ) -> [Substring] {
        self[...].utf8.split(
            separator: UInt8(ascii: byte), maxSplits: maxSplits, omittingEmptySubsequences: omittingEmptySubsequences
        ).map { Substring($0) }
    }

    /// What stands before the first byte of an ASCII character, and what stands after it: `nil` where there is none, and all stands
    /// before it.
    @inlinable public func cut(at byte: Unicode.Scalar) -> (before: Substring, after: Substring?) {
        guard let place = firstIndex(ofByte: byte) else { return (self[...], nil) }
        return (self[..<place], self[utf8.index(after: place)...])
    }

    /// What stands before and after the first byte of either ASCII character; `nil` when there is neither.
    @inlinable public func cut(
        atFirstOf one: Unicode.Scalar, _ other: Unicode.Scalar
    ) -> (before: Substring, after: Substring)? {
        let bytes = [UInt8(ascii: one), UInt8(ascii: other)]
        guard let place = utf8.firstIndex(where: bytes.contains) else { return nil }
        return (self[..<place], self[utf8.index(after: place)...])
    }

    /// The words between blanks.
    @inlinable public var words: [Substring] { self[...].utf8.split(whereSeparator: \.isBlank).map { Substring($0) } }

    /// The place of the first byte of an ASCII character.
    @inlinable public func firstIndex(ofByte byte: Unicode.Scalar) -> Index? { utf8.firstIndex(of: UInt8(ascii: byte)) }

    /// The place of the last byte of an ASCII character.
    @inlinable public func lastIndex(ofByte byte: Unicode.Scalar) -> Index? { utf8.lastIndex(of: UInt8(ascii: byte)) }

    /// Whether it has the byte of an ASCII character.
    @inlinable public func contains(byte: Unicode.Scalar) -> Bool { utf8.contains(UInt8(ascii: byte)) }

    /// What stands after these bytes; `nil` when it does not begin with them.
    @inlinable public func dropping(prefix: some StringProtocol) -> Substring? {
        hasPrefix(bytes: prefix) ? self[utf8.index(startIndex, offsetBy: prefix.utf8.count)...] : nil
    }

    /// Without the bytes at both ends that Go's `unicode.IsSpace` knows, as far as they are ASCII.
    @inlinable public var trimmedOfBlanks: Substring {
        var rest = self[...].utf8
        while let first = rest.first, first.isBlank { rest = rest.dropFirst() }
        while let last = rest.last, last.isBlank { rest = rest.dropLast() }
        return Substring(rest)
    }
}

extension StringProtocol {
    /// Whether it begins with these bytes.
    @inlinable public func hasPrefix(bytes prefix: some StringProtocol) -> Bool { utf8.starts(with: prefix.utf8) }

    /// Whether it ends in these bytes.
    @inlinable public func hasSuffix(bytes suffix: some StringProtocol) -> Bool {
        utf8.count >= suffix.utf8.count && utf8.suffix(suffix.utf8.count).elementsEqual(suffix.utf8)
    }

    /// Whether the bytes are the same.
    @inlinable public func isSame(bytes other: some StringProtocol) -> Bool { utf8.elementsEqual(other.utf8) }
}

extension UInt8 {
    /// Whether it is a space, a tab, or an end of a line or page.
    @inlinable public var isBlank: Bool { self == 0x20 || (0x09...0x0D).contains(self) }
}
