import CLinux

let signalChild: Int32 = 17

/// The exit code that a shell shows for a wait status.
func shellCode(_ status: Int32) -> Int32 {
    let signal = status & 0x7F
    return signal == 0 ? (status >> 8) & 0xFF : 128 + signal
}

/// Runs one program as an init does: every signal but CHLD goes on to it, whoever is left over is reaped, and its exit
/// code is returned.
func runContainerInit(_ arguments: UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Int32 {
    let signals = clinux_signals_to_fd()
    guard signals >= 0 else { return ExitCode.cannotStart }
    _ = clinux_set_subreaper(1)
    var child: Int32 = 0
    var pidfd: Int32 = -1
    let started = clinux_start(arguments, -1, nil, &child, &pidfd)
    guard started == 0 else {
        clinux_complain("cannot make a process: ", -1, clinux_strerror(-started))
        return ExitCode.cannotStart
    }
    while true {
        _ = clinux_poll_in(signals, -1)
        while true {
            let signal = clinux_next_signal(signals)
            if signal <= 0 { break }
            if signal != signalChild { _ = clinux_pidfd_send_signal(pidfd, signal) }
        }
        var ended = clinux_exit()
        while clinux_reap(&ended) == 1 {
            if ended.pid == child { return shellCode(ended.status) }
        }
    }
}
