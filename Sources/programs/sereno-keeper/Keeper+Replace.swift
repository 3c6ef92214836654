import CLinux
import KeeperProtocolEmbedded

// The engine is replaced on purpose. The program of the last engine that was ready stays open, so that it can be started
// again whatever is at its path by then.
extension Keeper {
    /// HUP, or the engine's own request: the engine ends and the program at its path is started.
    mutating func replaceEngine() {
        if engine.isStopping { return }
        engine.usesKept = false
        engine.isTrial = true
        engine.delay = EngineProcess.firstDelay
        tellReloading()
        guard engine.pid != 0 else {
            engine.startAt = clinux_clock_boottime()
            return
        }
        engine.isReplaced = true
        engine.killAt = clinux_clock_boottime() + EngineProcess.patience
        if engine.hasGreeted {
            outbox.put(.replace)
        } else {
            _ = clinux_pidfd_send_signal(engine.pidfd, 15)
        }
    }

    /// The engine has taken over and serves.
    mutating func engineReady() {
        guard !engine.isReady else { return }
        engine.isReady = true
        engine.readyBy = 0
        engine.lastWords = FrameText()
        if !engine.usesKept {
            let program = clinux_open_program(engine.pid)
            if program >= 0 {
                if engine.keptProgram >= 0 { _ = clinux_close(engine.keptProgram) }
                engine.keptProgram = program
            }
        }
        guard engine.isTrial else { return }
        engine.isTrial = false
        settle(Replacement(outcome: .replaced, at: Reading.now))
    }

    /// An engine ended that was never ready: after a replacement, or when its program is another than the one that was
    /// ready last, the next one is the other of the two.
    mutating func engineFailedToStart(_ record: ExitRecord) {
        let isTimedOut = engine.isTimedOut
        engine.isTimedOut = false
        let words = engine.lastWords
        engine.lastWords = FrameText()
        guard engine.keptProgram >= 0 else {
            if engine.isTrial {
                engine.isTrial = false
                settle(Replacement(outcome: .stranded, status: record.status, at: record.at, text: words))
            }
            return
        }
        engine.usesKept.toggle()
        guard engine.isTrial else { return }
        engine.isTrial = false
        clinux_complain(
            "the new engine did not come up (", Int64(shellCode(record.status)), "); starting the old one again")
        settle(
            Replacement(
                outcome: isTimedOut ? .notReadyInTime : .endedEarly, status: record.status, at: record.at, text: words))
        engine.startAt = record.at.monotonic
    }

    private mutating func settle(_ replacement: Replacement) {
        lastReplacement = replacement
        if engine.hasGreeted && engine.version >= 2 { outbox.put(.replaced(replacement)) }
    }
}
