extension UInt8 {
    /// Whether it is one of `0` to `9` and `a` to `f`, in which identities and digests are written.
    public var isLowerHexDigit: Bool { (0x30...0x39).contains(self) || (0x61...0x66).contains(self) }
}
