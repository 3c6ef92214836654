internal import CLinux
import Flags
import Glibc
package import Model

/// The signals sent to this process, read one by one instead of interrupting it.
///
/// From its making on every signal but CHLD and PIPE waits in the kernel, so that none is lost that arrives before
/// the container runs. Real-time ones queue; of the others one of each kind is kept, as everywhere.
package final class SignalQueue {
    let descriptor: Int32

    /// Blocks the signals and begins to collect them.
    package init() throws {
        descriptor = clinux_terminal_signals()
        if descriptor < 0 { throw ExitFailure("signalfd: \(systemText(-descriptor))") }
    }

    deinit { close(descriptor) }

    /// The next one that has arrived.
    package func next() -> Signal? { Signal(number: clinux_terminal_next_signal(descriptor)) }

    /// Ends this process by a signal, as if it had never been held back.
    package static func end(by signal: Signal) -> Never {
        clinux_terminal_end_by_signal(signal.number)
        exit(128 + signal.number)
    }

    /// Gives signals their default effects again; what is waiting takes effect now.
    static func release() { clinux_terminal_unblock_signals() }
}

extension Signal {
    /// Whether the signal ends a client that does not forward it.
    var endsClient: Bool { [1, 2, 3, 15].contains(number) }
}
