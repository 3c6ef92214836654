internal import CLinux
import Linux

/// The terminal on standard input in raw mode, where every key is passed on. It is restored when its owner goes away.
package final class RawTerminal {
    private var saved: TerminalMode?

    /// Makes the terminal raw. Has no effect when standard input is no terminal.
    package init() {
        guard let mode = TerminalMode(of: .standardInput), mode.raw.apply(to: .standardInput) else { return }
        saved = mode
    }

    deinit { restore() }

    /// Restores the terminal's mode; a second call has no effect.
    package func restore() {
        saved?.apply(to: .standardInput)
        saved = nil
    }
}

/// The size of a terminal in characters.
package struct WindowSize: Hashable {
    /// Number of lines.
    package var rows: UInt16
    /// Number of characters in a line.
    package var columns: UInt16

    /// The size of the terminal on standard output, which Docker's client uses too; `nil` when there is none.
    package static func current() -> WindowSize? {
        var size = WindowSize(rows: 0, columns: 0)
        guard clinux_terminal_size(1, &size.rows, &size.columns) == 0 else { return nil }
        return size.rows == 0 && size.columns == 0 ? nil : size
    }
}
