import CLinux
import RestartEmbedded

let signalChild: Int32 = 17

/// The exit code that a shell shows for a wait status.
func shellCode(_ status: Int32) -> Int32 {
    let signal = status & 0x7F
    return signal == 0 ? (status >> 8) & 0xFF : 128 + signal
}

/// The first process of a container: it runs one program, passes signals on, reaps whoever is left over, starts the program
/// again as its policy says, and ends with its exit code.
struct ContainerInit {
    /// How long what a run left behind may take to die before the next run begins without waiting for it.
    static let cleaningPatience = 10 * second

    let options: ContainerInitOptions
    let arguments: UnsafePointer<UnsafeMutablePointer<CChar>?>
    let signals: Int32
    var history = RestartHistory()
    /// Zero when none runs.
    var child: Int32 = 0
    var pidfd: Int32 = -1
    var startedAt: Int64 = 0
    /// When to start it again; zero while it runs.
    var startAt: Int64 = 0
    /// What the last run ended with.
    var code: Int32 = 0

    /// `nil` when the kernel refuses what an init stands on.
    init?(_ options: ContainerInitOptions, _ arguments: UnsafePointer<UnsafeMutablePointer<CChar>?>) {
        clinux_init_keep_signals()
        signals = clinux_signals_to_fd()
        guard signals >= 0 else { return nil }
        _ = clinux_set_subreaper(1)
        if options.parentDeathSignal != 0 { _ = clinux_set_parent_death_signal(options.parentDeathSignal) }
        self.options = options
        self.arguments = arguments
    }

    /// Runs until the program has ended for good; its exit code.
    mutating func run() -> Int32 {
        if let failure = start() {
            // Nobody but the caller could mend it: as with Docker, the first start is not tried again.
            complain(failure.message)
            return failure.exitCode
        }
        while true {
            _ = clinux_poll_in(signals, timeout())
            if takeSignals() { return code }
            var ended = clinux_exit()
            while clinux_reap(&ended) == 1 {
                if ended.pid != child {
                    tellOfOrphan(ended)
                } else if !concluded(waitStatus: ended.status) {
                    return code
                }
            }
            if startAt != 0 && startAt <= clinux_clock_boottime() && !startAgain() { return code }
        }
    }

    /// Milliseconds until the next start, or -1.
    private func timeout() -> Int32 {
        if startAt == 0 { return -1 }
        let left = startAt - clinux_clock_boottime()
        return left <= 0 ? 0 : Int32(min(left / millisecond + 1, 60_000))
    }

    private mutating func start() -> StartFailure? {
        var failure: Int32 = 0
        startedAt = clinux_clock_boottime()
        startAt = 0
        let made = clinux_init_start(arguments, &child, &pidfd, &failure)
        if made != 0 {
            child = 0
            return StartFailure(exitCode: ExitCode.cannotStart, message: "cannot make a process: \(text(of: -made))")
        }
        if failure == 0 { return nil }
        _ = clinux_close(pidfd)
        var status: Int32 = 0
        _ = clinux_wait(child, &status)
        child = 0
        let program = arguments[0].map { String(cString: $0) } ?? ""
        return StartFailure(
            exitCode: failure == Int32(CLINUX_ENOENT) ? 127 : 126,
            message: "cannot execute \(program): \(text(of: failure))")
    }

    /// Passes signals on; whether the program is not to be started again although its restart was due.
    private mutating func takeSignals() -> Bool {
        while true {
            let signal = clinux_next_signal(signals)
            if signal <= 0 { return false }
            if signal == signalChild { continue }
            let known = Signal(number: signal)
            if options.policy != .no, let known, marksUserStop(known, stopSignal: nil) {
                history.userStop = UserStop(
                    verb: .kill, signal: known, time: WallTime(nanoseconds: clinux_clock_realtime()))
            }
            if child == 0 {
                guard let stop = history.userStop else { continue }
                complain("\(stop) while a restart waited; no start")
                return true
            }
            if options.isVerbose, let known { complain("passing \(known) on") }
            if options.signalsGroup {
                _ = clinux_init_signal_group(child, signal)
            } else {
                _ = clinux_pidfd_send_signal(pidfd, signal)
            }
        }
    }

    private func tellOfOrphan(_ ended: clinux_exit) {
        if options.tellsOfOrphans { complain("Reaped zombie process with pid=\(ended.pid)") }
    }

    /// The program ended: whether it is started again.
    private mutating func concluded(waitStatus: Int32) -> Bool {
        let ranFor = Nanoseconds(clinux_clock_boottime() - startedAt)
        _ = clinux_close(pidfd)
        child = 0
        code = shellCode(waitStatus)
        var status = ExitStatus(waitStatus: waitStatus)
        if options.expectedCodes[Int(code)] {
            code = 0
            status = .exited(0)
        }
        return follow(.exited(status: status, ranFor: ranFor, outOfMemory: false))
    }

    private mutating func startAgain() -> Bool {
        guard let failure = start() else { return true }
        code = failure.exitCode
        return follow(.startFailed(failure))
    }

    /// Does what the policy says about an end, and tells it; whether there will be another run.
    private mutating func follow(_ end: RunEnd) -> Bool {
        let decision = decide(policy: options.policy, backoff: .docker, ended: end, history: history)
        history = decision.history
        if options.policy != .no { complain(decision.reason.description) }
        guard case .restart(let delay, _) = decision.action else { return false }
        startAt = clinux_clock_boottime() + delay.count
        clean()
        return true
    }

    /// The next run begins with nothing of the last one beside it, as after the end of a container.
    private mutating func clean() {
        let deadline = clinux_clock_boottime() + ContainerInit.cleaningPatience
        while clinux_clock_boottime() < deadline {
            let cannot = clinux_init_kill_rest()
            var ended = clinux_exit()
            var reaped = clinux_reap(&ended)
            while reaped == 1 {
                tellOfOrphan(ended)
                reaped = clinux_reap(&ended)
            }
            if reaped == -Int32(CLINUX_ECHILD) { return }
            if cannot != 0 { break }
            clinux_init_pause(5)
        }
        complain("processes of the last run are still there")
    }

    private func complain(_ text: String) {
        text.withCString { clinux_complain($0, -1, "") }
    }

    private func text(of code: Int32) -> String { String(cString: clinux_strerror(code)) }
}
