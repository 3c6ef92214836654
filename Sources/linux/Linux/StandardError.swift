internal import Glibc

/// Descriptor 2 of this process.
public enum StandardError {
    /// Writes a text whole; what cannot be written is lost. A journald that hangs is not waited for: what it does not take is lost too.
    public static func write(_ text: String) {
        var text = text
        text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while !rest.isEmpty {
                var count = send(2, rest.baseAddress, rest.count, Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL))
                if count < 0, errno == ENOTSOCK { count = Glibc.write(2, rest.baseAddress, rest.count) }
                if count < 0 {
                    if errno == EINTR { continue }
                    return
                }
                rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            }
        }
    }

    /// Whether systemd's journal reads it (`JOURNAL_STREAM`, systemd.exec(5)).
    public static var isJournal: Bool { getenv("JOURNAL_STREAM") != nil }
}
