/// Sizes in bytes as a person writes them, in the grammar of docker/go-units: `512`, `64m`, `1.5GiB`, `2 kb`, in any case.
public enum ByteSize {
    /// The factor of a `k`. Docker reads most options by `binary` and the sizes of log files by `decimal`.
    public enum Scale: Int, Hashable, Sendable {
        /// units.FromHumanSize: `max-size` of log files.
        case decimal = 1000
        /// units.RAMInBytes: memory, /dev/shm, tmpfs, rates of devices, `max-buffer-size`.
        case binary = 1024
    }

    /// A text that is no size.
    public struct Invalid: ReadableError, Hashable, Sendable {
        /// The text.
        public let text: String

        /// The message, in go-units' words.
        public var message: String { "invalid size: '\(text)'" }
    }

    /// The number of bytes, 0 to 2^63 − 1; a fraction of a byte is cut off.
    public static func parse(_ text: String, _ scale: Scale) throws(Invalid) -> Int64 {
        var rest = text.utf8[...]
        let number = rest.prefix { (0x30...0x39).contains($0) || $0 == 0x2E }
        guard let first = number.first, first != 0x2E, number.last != 0x2E,
            let value = Double(String(decoding: number, as: UTF8.self))
        else { throw Invalid(text: text) }
        rest = rest.dropFirst(number.count)
        if rest.first == 0x20 { rest = rest.dropFirst() }
        var factor = 1.0
        if let unit = rest.first.map({ $0 | 0x20 }), let power = Array("kmgtp".utf8).firstIndex(of: unit) {
            // bounded: a floating number.
            for _ in 0...power { factor *= Double(scale.rawValue) }
            rest = rest.dropFirst()
        }
        if rest.first.map({ $0 | 0x20 }) == 0x69 { rest = rest.dropFirst() }
        if rest.first.map({ $0 | 0x20 }) == 0x62 { rest = rest.dropFirst() }
        // bounded: a floating number.
        let size = value * factor
        guard rest.isEmpty, size < 0x1p63 else { throw Invalid(text: text) }
        return Int64(saturating: size)
    }
}
