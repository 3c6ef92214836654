internal import Linux
internal import Model

/// Reads the times of log entries; the seconds of the last one are kept, because the next is mostly the same.
struct LogTime {
    private var known = [UInt8](repeating: 0, count: 19)
    private var seconds: Int64 = 0

    /// Nanoseconds since 1970 of `2026-01-02T03:04:05.123Z` or of any other RFC 3339 time; `nil` when it is none.
    mutating func nanoseconds(_ stamp: UnsafeRawBufferPointer) -> Int64? {
        guard stamp.count >= 20, stamp[stamp.count - 1] == 0x5A else {
            return WallTime(rfc3339: String(decoding: stamp, as: UTF8.self))?.nanoseconds
        }
        if !known.withUnsafeBytes({ stamp.begins(with: $0) }) {
            let text = String(decoding: stamp[..<19], as: UTF8.self) + "Z"
            guard let time = WallTime(rfc3339: text) else { return nil }
            known = Array(stamp[..<19])
            seconds = time.nanoseconds
        }
        if stamp.count == 20 { return seconds }
        guard stamp[19] == 0x2E else { return nil }
        var fraction: Int64 = 0
        var scale: Int64 = 1_000_000_000
        for index in 20..<(stamp.count - 1) {
            guard (0x30...0x39).contains(stamp[index]) else { return nil }
            if scale == 1 { continue }
            scale /= 10
            fraction += Int64(stamp[index] - 0x30) * scale
        }
        return seconds.saturatingAdding(fraction)
    }
}
