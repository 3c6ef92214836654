import CLinux
import KeeperProtocolEmbedded

/// What the keeper waits on. Larger tokens are the reports of the slot at that place.
enum Token {
    static let signals: UInt64 = 0
    static let engine: UInt64 = 1
    static let firstSlot: UInt64 = 2
    /// From here on it is the pidfd of the slot at that place.
    static let firstWatched: UInt64 = 1 << 32
}

/// Holds, spawns and reaps for an engine, and decides nothing. Nothing here waits but `clinux_epoll_wait`, and nothing
/// grows: every table is bounded and allocated at the start.
struct Keeper {
    let epoll: Int32
    let signals: Int32
    var slots: SlotTable
    var held: HeldTable
    var orphans = OrphanRing()
    var outbox = Outbox()
    var engine: EngineProcess
    /// How many launches have a process between, so that an unknown child may be one that was not reported yet.
    var entering = 0
    /// The child whose end is being looked into.
    var reaped: Int32 = 0
    /// How many slots the present engine is handed.
    var handoverSize = 0
    /// What the socket of the engine is watched for.
    var interest: UInt32 = 0
    /// Set when the keeper is the first process of a machine.
    var machine: Machine?
    var manager = NotifySocket()
    var engineWatch = EngineWatch()
    /// The number of the first keeper and of those that took up its state, and how many there were.
    var lineage: UInt64 = 0
    var keepers: UInt32 = 1
    /// When to look again at watched processes that nobody reaps; zero when there are none.
    var watchAgainAt: Int64 = 0
    /// How the last replacement of the engine went.
    var lastReplacement: Replacement?
    /// Set when the keeper is to end with that code.
    var result: Int32?

    init?(arguments: UnsafePointer<UnsafeMutablePointer<CChar>?>, _ options: KeeperOptions) {
        _ = clinux_raise_open_files()
        if clinux_getpid() != 1 { _ = clinux_set_subreaper(1) }
        epoll = clinux_epoll_create()
        signals = clinux_signals_to_fd()
        guard epoll >= 0, signals >= 0, let slots = SlotTable(capacity: options.slots),
            let held = HeldTable(slots: options.slots),
            clinux_epoll_add(epoll, signals, UInt32(CLINUX_EPOLL_IN), Token.signals) == 0
        else { return nil }
        self.slots = slots
        self.held = held
        engine = EngineProcess(arguments: arguments)
        engine.readyPatience = Int64(options.readyTimeout) * second
        takeUp()
        engineWatch.begin(watchdog: manager.watchdog, asked: Int64(options.pingInterval) * second)
    }

    /// Runs until the engine has ended on purpose; the exit code.
    mutating func run() -> Int32 {
        startEngine()
        let events = UnsafeMutablePointer<clinux_event>.allocate(capacity: 64)
        defer { events.deallocate() }
        while true {
            if let result { return result }
            let count = clinux_epoll_wait(epoll, events, 64, timeout())
            // Reports first: what a process said comes before its end.
            for index in 0..<max(0, Int(count)) where events[index].token >= Token.firstSlot {
                let token = events[index].token
                if token >= Token.firstWatched {
                    watchedEnded(Int(token - Token.firstWatched))
                } else {
                    readReports(Int(token - Token.firstSlot))
                }
            }
            for index in 0..<max(0, Int(count)) {
                switch events[index].token {
                case Token.signals: takeSignals()
                case Token.engine: talk(events[index].events)
                default: break
                }
            }
            keepTime()
            keepMachineTime()
            saveChanges()
            flush()
            report()
        }
    }

    /// Milliseconds until something falls due, or -1.
    private func timeout() -> Int32 {
        var due = engine.due
        let others: InlineArray<5, Int64> = [
            outbox.retryAt, manager.retryAt, manager.statusDueAt, watchAgainAt, engineWatch.nextAt,
        ]
        for index in others.indices where others[index] != 0 {
            due = due == 0 ? others[index] : min(due, others[index])
        }
        if let deadline = machine?.deadline, deadline != 0 { due = due == 0 ? deadline : min(due, deadline) }
        if due == 0 { return -1 }
        let left = due - clinux_clock_boottime()
        return left <= 0 ? 0 : Int32(min(left / 1_000_000 + 1, 60_000))
    }

    private mutating func takeSignals() {
        while true {
            let signal = clinux_next_signal(signals)
            if signal <= 0 { break }
            if machine == nil { handle(signal: signal) } else { handle(machineSignal: signal) }
        }
        // Also without CHLD among them: a signal of this kind that is pending already is not queued twice.
        reapAll()
    }

    private mutating func reapAll() {
        var ended = clinux_exit()
        var failures = 0
        while true {
            let reaped = clinux_reap(&ended)
            if reaped < 0 && reaped != -Int32(CLINUX_ECHILD) && failures < 8 {
                // Whoever is left here now is heard of again only with the next child that ends.
                failures += 1
                continue
            }
            guard reaped == 1 else { break }
            let record = ExitRecord(
                status: ended.status, userTime: ended.user_ns, systemTime: ended.system_ns,
                maximumResident: ended.max_rss_kib, at: Reading.now)
            if ended.pid == engine.pid {
                engineEnded(record)
            } else {
                childEnded(ended.pid, record)
            }
        }
    }
}

extension Reading {
    /// Both clocks now.
    static var now: Reading { Reading(monotonic: clinux_clock_boottime(), wall: clinux_clock_realtime()) }
}
