internal import Model

/// Text format of the entries in a log file.
protocol LogFormat {
    /// The most bytes of an entry with so many bytes of content.
    static func bound(_ content: Int) -> Int

    /// Formats one entry at `place`, where there is room for `bound` bytes, and returns its length.
    static func encode(
        _ content: UnsafeRawBufferPointer, _ stream: OutputStream, isPartial: Bool, stamp: borrowing LogStamp,
        at place: UnsafeMutableRawPointer
    ) -> Int

    /// Takes one entry apart, its newline not included; `nil` when it is damaged. `space` is for content that is escaped, and has
    /// at least as many bytes as the line.
    static func decode(_ line: UnsafeRawBufferPointer, into space: UnsafeMutableRawPointer) -> LogRecord?
}

extension LogDriver {
    /// Format of its files; `nil` for a driver without files.
    var format: (any LogFormat.Type)? {
        switch self {
        case .cri: CRIFormat.self
        case .jsonFile: JSONFileFormat.self
        case .journald, .discard: nil
        }
    }
}

/// An entry as it lies in the log file or, unescaped, in the reader's space.
struct LogRecord {
    /// The time as written, `2026-01-02T03:04:05.123Z`.
    var stamp: UnsafeRawBufferPointer
    var stream: OutputStream
    /// The output without the newline that `endsLine` stands for.
    var content: UnsafeRawBufferPointer
    var endsLine: Bool
}
