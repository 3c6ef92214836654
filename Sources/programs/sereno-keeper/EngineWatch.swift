import CLinux
import KeeperProtocolEmbedded

/// Whether the engine still answers. Turns are counted and not the time between them, so that a machine that was suspended
/// finds its engine well.
struct EngineWatch {
    /// How often an engine is asked when no service manager wants to know.
    static let ordinaryInterval = 30 * second
    /// How many turns an engine may let pass without an answer.
    static let patience = 3
    /// How many turns it may take before it says hello.
    static let patienceBeforeHello = 6

    private(set) var interval = ordinaryInterval
    /// When the next turn is.
    private(set) var nextAt: Int64 = 0
    private(set) var token: UInt64 = 0
    private var isAnswered = true
    /// Turns without an answer.
    private(set) var misses = 0
    /// Turns since an engine last answered, over any number of engines.
    private(set) var turnsSinceAnswer = 0

    /// Begins; `watchdog` is how often the service manager wants a sign of life, zero for never. Six turns go into it: an
    /// engine that hangs is killed at half of it, and the next one has the other half to come up.
    mutating func begin(watchdog: Int64, asked: Int64) {
        if asked > 0 { interval = asked }
        if watchdog > 0 { interval = max(100 * millisecond, min(interval, watchdog / 6)) }
        nextAt = clinux_clock_boottime() + interval
    }

    /// Another engine runs: it is asked from the start.
    mutating func engineStarted() {
        isAnswered = true
        misses = 0
    }

    /// An answer to the newest question counts.
    mutating func answered(_ answer: UInt64) {
        guard answer == token else { return }
        isAnswered = true
        misses = 0
        turnsSinceAnswer = 0
    }

    /// What a turn asks for.
    enum Turn { case none, ask, kill }

    /// One turn, when it is due.
    mutating func turn(at now: Int64, runs: Bool, greeted: Bool, answers: Bool) -> Turn {
        nextAt = now + interval
        guard runs else {
            turnsSinceAnswer += 1
            return .none
        }
        if greeted && !answers {
            // It speaks version 1, in which it cannot be asked.
            turnsSinceAnswer = 0
            misses = 0
            return .none
        }
        if !greeted || !isAnswered { misses += 1 }
        turnsSinceAnswer += 1
        if misses >= (greeted ? Self.patience : Self.patienceBeforeHello) {
            misses = 0
            return .kill
        }
        guard greeted, isAnswered else { return .none }
        token &+= 1
        isAnswered = false
        return .ask
    }
}

extension Keeper {
    /// Asks the engine, kills one that hangs, and gives the service manager its sign of life for as long as engines answer.
    mutating func watchEngine(at now: Int64) {
        guard engineWatch.nextAt <= now else { return }
        switch engineWatch.turn(
            at: now, runs: engine.pid != 0, greeted: engine.hasGreeted, answers: engine.version >= 2)
        {
        case .none: break
        case .ask: outbox.put(.ping(token: engineWatch.token))
        case .kill:
            clinux_complain("the engine does not answer; killing it: process ", Int64(engine.pid), "")
            _ = clinux_pidfd_send_signal(engine.pidfd, 9)
        }
        // Half of the service manager's own patience is left for it.
        if engineWatch.turnsSinceAnswer <= 6 { tellAlive() }
    }
}
