internal import Glibc
public import Model

/// Turns signals to this process into calls, on a thread of its own that waits with sigwait(3).
public enum SignalWatch {
    /// Blocks the signals for the calling thread and all threads it starts later, and reports each that arrives.
    /// Call it before any other thread exists.
    public static func start(
        _ signals: [Signal], _ onSignal: @escaping @Sendable (Signal) -> Void
    ) throws(LinuxError) {
        var set = sigset_t()
        sigemptyset(&set)
        for signal in signals { sigaddset(&set, signal.number) }
        pthread_sigmask(SIG_BLOCK, &set, nil)
        let waited = set
        try KernelThread.start(name: "signals") {
            var set = waited
            while true {
                var number: Int32 = 0
                guard sigwait(&set, &number) == 0, let signal = Signal(number: number) else { continue }
                onSignal(signal)
            }
        }
    }

    /// Makes a broken pipe an error of write(2) instead of a signal.
    public static func ignoreBrokenPipes() { _ = Glibc.signal(SIGPIPE, SIG_IGN) }

    /// Makes a file that would get longer than it may (RLIMIT_FSIZE) an error of write(2) instead of a signal.
    public static func ignoreLongFiles() { _ = Glibc.signal(SIGXFSZ, SIG_IGN) }
}
