internal import CLinux
import Glibc

/// The terminal on standard input with every key passed on as it is; restored when its owner goes away.
package final class RawTerminal {
    private var saved = termios()
    private var isRaw = false

    /// Makes the terminal raw; does nothing when standard input is none.
    package init() {
        guard isatty(0) == 1, tcgetattr(0, &saved) == 0 else { return }
        var raw = saved
        cfmakeraw(&raw)
        isRaw = tcsetattr(0, TCSANOW, &raw) == 0
    }

    deinit { restore() }

    /// Gives the terminal back as it was; a second call does nothing.
    package func restore() {
        guard isRaw else { return }
        isRaw = false
        _ = tcsetattr(0, TCSANOW, &saved)
    }
}

/// The size of a terminal in characters.
package struct WindowSize: Hashable {
    /// Lines.
    package var rows: UInt16
    /// Characters of a line.
    package var columns: UInt16

    /// Of the terminal on standard output, as Docker's client takes it; `nil` when there is none.
    package static func current() -> WindowSize? {
        var size = WindowSize(rows: 0, columns: 0)
        guard clinux_terminal_size(1, &size.rows, &size.columns) == 0 else { return nil }
        return size.rows == 0 && size.columns == 0 ? nil : size
    }
}
