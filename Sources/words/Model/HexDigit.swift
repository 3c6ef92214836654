extension UInt8 {
    /// Whether the byte is one of `0` to `9` and `a` to `f`, the digits of identities and digests.
    @inlinable public var isLowerHexDigit: Bool { (0x30...0x39).contains(self) || (0x61...0x66).contains(self) }
}
