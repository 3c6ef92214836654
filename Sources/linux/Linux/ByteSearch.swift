internal import Glibc

extension [UInt8] {
    /// The bytes of a C string, without the zero.
    public init(cString: UnsafePointer<CChar>) {
        self = Array(UnsafeRawBufferPointer(start: cString, count: strlen(cString)))
    }
}

// Bytes as the C library looks through them, many at a time. Nothing is copied.
extension UnsafeRawBufferPointer {
    /// Where a byte is first (memchr(3)), counted from the start; `nil` when it is not there.
    public func offset(of byte: UInt8) -> Int? {
        guard let base = baseAddress, let found = memchr(base, Int32(byte), count) else { return nil }
        return UnsafeRawPointer(found) - base
    }

    /// Whether these bytes are at an offset (memcmp(3)).
    public func holds(_ text: StaticString, at offset: Int) -> Bool {
        guard let base = baseAddress, offset + text.utf8CodeUnitCount <= count else { return false }
        return memcmp(base + offset, text.utf8Start, text.utf8CodeUnitCount) == 0
    }

    /// Whether it begins with these bytes (memcmp(3)).
    public func begins(with bytes: UnsafeRawBufferPointer) -> Bool {
        guard let base = baseAddress, let start = bytes.baseAddress else { return bytes.isEmpty }
        return bytes.count <= count && memcmp(base, start, bytes.count) == 0
    }
}
