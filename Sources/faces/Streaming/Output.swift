import Linux

/// An output stream of the command, without buffering.
package enum Output: Int32 {
    case standard = 1
    case error = 2

    var descriptor: BorrowedDescriptor { BorrowedDescriptor(rawValue: rawValue) }

    /// Writes all bytes and waits for a slow reader. When the reader is gone, SIGPIPE ends the process, as it does
    /// every filter.
    package func write(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            do throws(LinuxError) {
                let count = try descriptor.write(rest)
                if count == 0 { return }
                rest = rest.dropFirst(count)
            } catch {
                guard error.code == Errno.wouldBlock else { return }
                PollSet.wait(for: rawValue, .write, milliseconds: -1)
            }
        }
    }

    /// Writes text as it is.
    package func write(_ text: String) { write(Array(text.utf8)) }

    /// Writes a line.
    package func line(_ text: String) { write(text + "\n") }

    /// Whether the stream is a terminal.
    package var isTerminal: Bool { descriptor.isTerminal }
}
