internal import CLinux
import Flags
import Glibc
package import Model

/// The signals sent to this process. They are read one by one and do not interrupt it.
///
/// Once the queue is made, every signal except CHLD and PIPE waits in the kernel, so that none is lost before the
/// container runs. Real-time signals queue; of the others the kernel keeps one of each kind.
package final class SignalQueue {
    let descriptor: Int32

    /// Blocks the signals and begins to collect them.
    package init() throws {
        descriptor = clinux_terminal_signals()
        if descriptor < 0 { throw ExitFailure("signalfd: \(systemText(-descriptor))") }
    }

    deinit { close(descriptor) }

    /// The next signal that has arrived; `nil` when none has.
    package func next() -> Signal? { Signal(number: clinux_terminal_next_signal(descriptor)) }

    /// Ends this process by a signal, as if the signal had never been held back.
    package static func end(by signal: Signal) -> Never {
        clinux_terminal_end_by_signal(signal.number)
        exit(128 + signal.number)
    }

    /// Restores the default effects of signals; waiting signals take effect now.
    static func release() { clinux_terminal_unblock_signals() }
}

extension Signal {
    /// Whether the signal ends a client that does not forward it.
    var endsClient: Bool { [1, 2, 3, 15].contains(number) }
}
