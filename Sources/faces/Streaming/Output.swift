import Glibc

/// An output stream of the command, without buffering.
package enum Output: Int32 {
    case standard = 1
    case error = 2

    /// Writes all bytes and waits for a slow reader. When the reader is gone, SIGPIPE ends the process, as it does
    /// every filter.
    package func write(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(rawValue, $0.baseAddress, $0.count) }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno == EAGAIN {
                var entry = pollfd(fd: rawValue, events: Int16(POLLOUT), revents: 0)
                _ = poll(&entry, 1, -1)
            } else if errno != EINTR {
                return
            }
        }
    }

    /// Writes text as it is.
    package func write(_ text: String) { write(Array(text.utf8)) }

    /// Writes a line.
    package func line(_ text: String) { write(text + "\n") }

    /// Whether the stream is a terminal.
    package var isTerminal: Bool { isatty(rawValue) == 1 }
}
