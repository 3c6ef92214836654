package import Flags
import Linux
import Synchronization

/// An output stream of the command, without buffering.
package enum Output: Int32 {
    case standard = 1
    case error = 2

    var descriptor: BorrowedDescriptor { BorrowedDescriptor(rawValue: rawValue) }

    /// Error number of the first failed write of standard output.
    private static let failed = Mutex<Int32?>(nil)

    /// Writes all bytes and waits for a slow reader. When the reader is gone, SIGPIPE ends the process, as it does
    /// every filter. After a failure of standard output nothing more is written to it.
    package func write(_ bytes: [UInt8]) {
        if self == .standard, Output.failed.withLock({ $0 != nil }) { return }
        var rest = bytes[...]
        while !rest.isEmpty {
            do throws(LinuxError) {
                let count = try descriptor.write(rest)
                if count == 0 { return }
                rest = rest.dropFirst(count)
            } catch {
                guard error.code == Errno.wouldBlock else { return lost(error.code) }
                PollSet.wait(for: rawValue, .write, milliseconds: -1)
            }
        }
    }

    /// Records that bytes of standard output were lost. A reader that is gone wanted no more of them.
    func lost(_ code: Int32) {
        guard self == .standard, code != Errno.brokenPipe else { return }
        Output.failed.withLock { $0 = $0 ?? code }
    }

    /// Writes all bytes as `write(_:)` does; throws when some were lost, so that a command with much to print ends early.
    package func emit(_ bytes: [UInt8]) throws(ExitFailure) {
        write(bytes)
        if self == .standard { try Output.check() }
    }

    private static func check() throws(ExitFailure) {
        guard let code = failed.withLock({ $0 }) else { return }
        throw ExitFailure("write standard output: \(LinuxError.text(code))")
    }

    /// The exit code of a command that ends with `code`: 1 when it succeeded and what it printed was lost, with the reason on
    /// standard error.
    package static func exitCode(_ code: Int32) -> Int32 {
        do throws(ExitFailure) {
            try check()
            return code
        } catch {
            if code == 0 { Output.error.line("sereno: \(error.message)") }
            return code == 0 ? error.code : code
        }
    }

    /// Writes text as it is.
    package func write(_ text: String) { write(Array(text.utf8)) }

    /// Writes a line.
    package func line(_ text: String) { write(text + "\n") }

    /// Whether the stream is a terminal.
    package var isTerminal: Bool { descriptor.isTerminal }
}
