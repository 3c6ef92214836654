internal import CLinux
import Flags
import Linux
package import Model

/// The signals sent to this process. They are read one by one and do not interrupt it.
///
/// Once the queue is made, every signal except CHLD and PIPE waits in the kernel, so that none is lost before the
/// container runs. Real-time signals queue; of the others the kernel keeps one of each kind.
package final class SignalQueue {
    private let queue: OwnedDescriptor

    var descriptor: Int32 { queue.rawValue }

    /// Blocks the signals and begins to collect them.
    package init() throws {
        let opened = clinux_terminal_signals()
        if opened < 0 { throw ExitFailure("wait for signals: \(LinuxError.text(-opened))") }
        queue = OwnedDescriptor(adopting: opened)
    }

    /// The next signal that has arrived; `nil` when none has.
    package func next() -> Signal? { Signal(number: clinux_terminal_next_signal(descriptor)) }

    /// Ends this process by a signal, as if the signal had never been held back.
    package static func end(by signal: Signal) -> Never {
        clinux_terminal_end_by_signal(signal.number)
        CurrentProcess.exit(128 + signal.number)
    }

    /// Restores the default effects of signals; waiting signals take effect now.
    static func release() { clinux_terminal_unblock_signals() }
}

extension Signal {
    /// Whether the signal ends a client that does not forward it.
    var endsClient: Bool { [1, 2, 3, 15].contains(number) }
}
