import CLinux
import KeeperProtocolEmbedded

let millisecond: Int64 = 1_000_000
let second: Int64 = 1_000_000_000

/// The engine as a process: when it runs, when it is started again, and what it was asked to do.
struct EngineProcess {
    static let firstDelay = 100 * millisecond
    static let longestDelay = 10 * second
    /// The same of an engine that came up before it ended: clients wait for it, and one start a second is cheap.
    static let longestDelayOfReady = second
    /// An engine that ran this long starts again without the delay that earlier ends have built up.
    static let goodRun = 10 * second
    /// How long an engine may take to end when it is replaced or has closed its socket.
    static let patience = 10 * second
    /// How many engines may fail after a shutdown was asked for before the keeper gives up.
    static let failedShutdowns = 5

    let arguments: UnsafePointer<UnsafeMutablePointer<CChar>?>
    /// Zero when none runs.
    var pid: Int32 = 0
    var pidfd: Int32 = -1
    /// The keeper's end of the socket; -1 when there is none.
    var socket: Int32 = -1
    var startedAt: Int64 = 0
    /// When to start the next one; zero when one runs.
    var startAt: Int64 = 0
    /// When to kill one that does not end; zero for never.
    var killAt: Int64 = 0
    var delay = firstDelay
    /// Whether this engine said hello, and whether any ever did.
    var hasGreeted = false
    var anyGreeted = false
    /// Whether it said `exit`.
    var isLeaving = false
    /// Whether TERM or INT came: the keeper ends when the engine has shut down.
    var isStopping = false
    var stopSignal: Int32 = 15
    var isReplaced = false
    var failuresWhileStopping = 0
    /// The version of the protocol that this engine speaks.
    var version = ProtocolBounds.version
    /// Whether it said `ready`.
    var isReady = false
    /// Whether it is the first after a replacement was asked for, and what it said before it failed.
    var isTrial = false
    var lastWords = FrameText()
    /// When one on trial must be ready; zero for no bound. Whether that has passed.
    var readyBy: Int64 = 0
    var isTimedOut = false
    /// How long one on trial may take to be ready.
    var readyPatience = 60 * second
    /// The program of the last engine that was ready, open; -1 before the first. Whether it is what is started.
    var keptProgram: Int32 = -1
    var usesKept = false

    init(arguments: UnsafePointer<UnsafeMutablePointer<CChar>?>) { self.arguments = arguments }

    /// The next thing that falls due by CLOCK_BOOTTIME; zero when nothing does.
    var due: Int64 {
        var due: Int64 = 0
        let times: InlineArray<3, Int64> = [startAt, killAt, readyBy]
        for index in times.indices where times[index] != 0 { due = due == 0 ? times[index] : min(due, times[index]) }
        return due
    }
}

extension Keeper {
    mutating func startEngine() {
        engine.startAt = 0
        var ends: (Int32, Int32) = (-1, -1)
        let paired = withUnsafeMutableBytes(of: &ends) {
            clinux_seqpacket_pair($0.baseAddress?.assumingMemoryBound(to: Int32.self))
        }
        guard paired == 0 else { return postpone("no socket for the engine: ", -paired) }
        _ = clinux_set_buffers(ends.0, 1 << 20)
        var pid: Int32 = 0
        var pidfd: Int32 = -1
        var failure = clinux_epoll_add(epoll, ends.0, UInt32(CLINUX_EPOLL_IN), Token.engine)
        let program = engine.usesKept ? engine.keptProgram : -1
        if failure == 0 {
            failure = clinux_start(
                engine.arguments, program, ends.1, "SERENO_KEEPER_FD", mountsOfEngine, &pid, &pidfd)
        }
        _ = clinux_close(ends.1)
        guard failure == 0 else {
            _ = clinux_close(ends.0)
            return postpone("cannot start the engine: ", -failure)
        }
        engine.pid = pid
        engine.pidfd = pidfd
        engine.socket = ends.0
        engine.startedAt = clinux_clock_boottime()
        keepMountsOfEngine()
        engine.hasGreeted = false
        engine.isReady = false
        engine.isLeaving = false
        if engine.isTrial { engine.readyBy = engine.startedAt + engine.readyPatience }
        engineWatch.engineStarted()
        storeEngine()
        interest = UInt32(CLINUX_EPOLL_IN)
        outbox.clear()
        slots.forgetUntold()
        collectForgotten()
    }

    private mutating func postpone(_ text: StaticString, _ code: Int32) {
        text.withUTF8Buffer { _ in
            clinux_complain(
                UnsafeRawPointer(text.utf8Start).assumingMemoryBound(to: CChar.self), -1, clinux_strerror(code))
        }
        engine.startAt = clinux_clock_boottime() + engine.delay
        engine.delay = min(engine.delay * 2, EngineProcess.longestDelay)
    }

    /// The engine was reaped: whether to end too, or to start the next one and when.
    mutating func engineEnded(_ record: ExitRecord) {
        // What it said last still counts; a child of its own that has the socket too is not listened to.
        engine.pid = 0
        if engine.socket >= 0 {
            _ = clinux_shut_reading(engine.socket)
            readFrames(atMost: .max)
        }
        closeEngine()
        _ = clinux_close(engine.pidfd)
        engine.pidfd = -1
        engine.killAt = 0
        let exited = record.status & 0x7F == 0
        let code = (record.status >> 8) & 0xFF
        if exited, code == 0, !engine.isReplaced, engine.isLeaving || engine.isStopping {
            slots.region?.hasEnded = true
            result = 0
            return
        }
        if exited, !engine.anyGreeted, machine == nil, (64...78).contains(code) || code == 126 || code == 127 {
            result = code
            return
        }
        let now = record.at.monotonic
        engine.readyBy = 0
        if engine.isReplaced {
            engine.isReplaced = false
            engine.delay = EngineProcess.firstDelay
            engine.startAt = now
            return
        }
        if !engine.isReady && !engine.isStopping {
            engineFailedToStart(record)
            if engine.startAt != 0 { return }
        }
        if engine.isStopping {
            engine.failuresWhileStopping += 1
            if engine.failuresWhileStopping >= EngineProcess.failedShutdowns {
                result = ExitCode.software
                return
            }
        }
        if now - engine.startedAt >= EngineProcess.goodRun { engine.delay = EngineProcess.firstDelay }
        if engine.isReady { engine.delay = min(engine.delay, EngineProcess.longestDelayOfReady) }
        engine.startAt = now + engine.delay
        clinux_complain("the engine ended (", Int64(shellCode(record.status)), "); starting it again")
        engine.delay = min(engine.delay * 2, EngineProcess.longestDelay)
    }

    mutating func closeEngine() {
        if engine.socket < 0 { return }
        _ = clinux_close(engine.socket)
        engine.socket = -1
        engine.hasGreeted = false
        outbox.clear()
        slots.forgetUntold()
        collectForgotten()
    }

    /// The engine closed its end: it is of no use any more, and gets some time to end.
    mutating func engineHungUp() {
        closeEngine()
        if engine.pid != 0 && engine.killAt == 0 { engine.killAt = clinux_clock_boottime() + EngineProcess.patience }
    }

    mutating func handle(signal: Int32) {
        switch signal {
        case 1:
            replaceEngine()
        case 2, 15:
            engine.isStopping = true
            engine.isReplaced = false
            engine.stopSignal = signal
            tellStopping()
            engine.delay = EngineProcess.firstDelay
            if engine.pid != 0 {
                _ = clinux_pidfd_send_signal(engine.pidfd, signal)
            } else {
                engine.startAt = clinux_clock_boottime()
            }
        case 3, 10, 12:
            if engine.pid != 0 { _ = clinux_pidfd_send_signal(engine.pidfd, signal) }
        default:
            break
        }
    }

    mutating func keepTime() {
        let now = clinux_clock_boottime()
        if engine.killAt != 0 && engine.killAt <= now {
            engine.killAt = 0
            if engine.pid != 0 { _ = clinux_pidfd_send_signal(engine.pidfd, 9) }
        }
        if engine.readyBy != 0 && engine.readyBy <= now {
            engine.readyBy = 0
            engine.isTimedOut = true
            if engine.pid != 0 { _ = clinux_pidfd_send_signal(engine.pidfd, 9) }
        }
        watchEngine(at: now)
        if watchAgainAt != 0 && watchAgainAt <= now { lookAgain() }
        if engine.startAt != 0 && engine.startAt <= now && engine.pid == 0 && result == nil { startEngine() }
        if outbox.retryAt != 0 && outbox.retryAt <= now { outbox.retryAt = 0 }
        if manager.retryAt != 0 && manager.retryAt <= now { manager.retryAt = 0 }
    }
}
