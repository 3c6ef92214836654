import Glibc

/// The two streams that the command writes, without buffering.
package enum Output: Int32 {
    case standard = 1
    case error = 2

    /// Writes all of it, waiting where the reader is slow; a reader that has gone ends the process by SIGPIPE,
    /// as it does with every filter.
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

    /// Whether it is a terminal.
    package var isTerminal: Bool { isatty(rawValue) == 1 }
}
