internal import Glibc

/// How a terminal treats what is typed (termios(3)).
public struct TerminalMode {
    private var attributes = termios()

    /// The mode that a terminal has now; `nil` for what is no terminal.
    public init?(of terminal: BorrowedDescriptor) {
        guard terminal.isTerminal, tcgetattr(terminal.rawValue, &attributes) == 0 else { return nil }
    }

    /// The same, but every key is passed on as it is typed (cfmakeraw(3)).
    public var raw: TerminalMode {
        var raw = self
        cfmakeraw(&raw.attributes)
        return raw
    }

    /// Gives the mode to a terminal at once; whether it took it.
    @discardableResult
    public func apply(to terminal: BorrowedDescriptor) -> Bool {
        withUnsafePointer(to: attributes) { tcsetattr(terminal.rawValue, TCSANOW, $0) } == 0
    }
}
