import DiskSimulation
import Engine
import Images
import KeeperProtocol
import Linux
import Logging
import Model
import Synchronization

/// A seeded world around an engine that is the real one: a keeper, processes, a disk, clients and faults, one event after
/// the other on one thread.
final class World {
    let seed: UInt64
    var chance: Chance
    let tuning: Tuning
    let clock: SimulatedClock
    let disk = SimulatedDisk(remembersAll: false)
    var agenda = Agenda()
    var keeper: SimulatedKeeper
    let runtime: SimulatedRuntime
    var incarnation: Incarnation?
    let checker: Checker
    let trace: Trace
    let directory: String
    let log: Logger
    let lies: Lies

    /// Processes by serial, the dead ones of which nothing more is wanted left out.
    var processes: [Int: SimulatedProcess] = [:]
    /// Those that live, as /proc shows them.
    let living = LivingProcesses()
    var lastSerial = 0
    var lastPid: Int32 = 1
    var boot = 0
    var keepers: Int32 = 100
    var incarnations = 0
    /// How often the keeper has started an engine since one was ready.
    var engineFailures = 0
    var isCalm = false
    var isDiskBad = false
    var isShuttingDown = false
    var isOver = false
    /// All time that slow threads have taken.
    var injected: Int64 = 0
    var statistics = Statistics()

    /// When each of the threads goes on, if it has something to do.
    private var lanes: [Lane: Int64] = [:]
    private var latencies: [Lane: Int64] = [:]
    /// When the last engine went.
    var goneAt: Int64 = 0
    /// When the present one was ready.
    var readyAt: Int64 = 0
    var pumpMayHaveWork = false
    var keeperMayHear = false

    var commands: [IssuedCommand] = []
    let answers = Answers()
    let identities: Identities

    /// The threads, and those of the keeper.
    enum Lane: CaseIterable { case loop, store, workers, pump, hear, tell }

    private enum Source { case lane(Lane), timer, pumpDeadline, agenda }

    /// What no honest world does, to see whether the checker sees it.
    struct Lies: Sendable {
        /// How often an fsync does nothing.
        var sync = 0.0

        init() {}
    }

    /// What was done, for the figures.
    struct Statistics: Sendable {
        var events = 0
        var commands = 0
        var runs = 0
        var deaths = 0
        var keeperDeaths = 0
        var powerCuts = 0
        var shutdowns = 0
        var diskFaults = 0
        var launchFailures = 0
        var logLines = 0
        var fullPipes = 0
        var virtualTime: Int64 = 0
    }

    /// Where the records are on the simulated disk, and the logs on the real one.
    var root: String { directory + "/data" }

    init(seed: UInt64, directory: String, prints: Bool, engineLog: Bool, lies: Lies = Lies()) {
        self.seed = seed
        self.directory = directory
        self.lies = lies
        var chance = Chance(seed: seed)
        tuning = Tuning(&chance, later: Chance(seed: seed, stream: 3))
        let clock = SimulatedClock(wallOffset: 1_790_000_000_000_000_000)
        self.clock = clock
        keeper = SimulatedKeeper(clock: clock, pid: 100)
        runtime = SimulatedRuntime(directory: directory, chance: Chance(seed: seed, stream: 1)) { id in
            directory + "/data/containers/" + id.text + "/log"
        }
        identities = Identities(Chance(seed: seed, stream: 2))
        trace = Trace(prints: prints)
        checker = Checker(trace: trace)
        var log = Logger(label: "engine") { _ in
            engineLog ? TraceLog(clock: clock) as any LogHandler : SwiftLogNoOpLogHandler()
        }
        log.logLevel = .debug
        self.log = log
        self.chance = chance
    }

    var now: Int64 { clock.now }

    // MARK: The course of things

    /// Lets the world run until everything is removed again or something is wrong.
    func run() {
        begin()
        while !isOver, checker.violation == nil {
            guard step() else {
                checker.fail(now, "nothing will ever happen again")
                break
            }
            statistics.events += 1
            if statistics.events > 3_000_000 { checker.fail(now, "no end within three million events") }
        }
        end()
    }

    private func end() {
        statistics.virtualTime = now
        statistics.diskFaults += incarnation?.disk.faults ?? 0
        incarnation?.die()
        incarnation = nil
        keeper.disconnect()
        keeper = SimulatedKeeper(clock: clock, pid: 0)
        processes = [:]
    }

    private func begin() {
        // The images and the logs lie on the real disk.
        for path in [root, directory + "/run", runtime.groups] { try? HostFile.makeDirectories(path) }
        do {
            let images = try ImageStore(root: root + "/images", archiveTool: "")
            for name in SimulatedImage.names { try SimulatedImage.install(name, in: images) }
        } catch {
            checker.fail(now, "the images cannot be made: \(error)")
        }
        agenda.add(.startEngine, at: now)
        for client in 0..<tuning.clients { agenda.add(.client(client), at: now + chance.span(1, tuning.pause)) }
        for fault in Agenda.Fault.allCases { schedule(fault) }
        if tuning.disk.write + tuning.disk.sync + tuning.disk.rename > 0 {
            agenda.add(.disk(isBad: true), at: now + chance.span(1_000_000, tuning.span))
        }
        agenda.add(.calm, at: now + tuning.span)
        runtime.fail(tuning.preparationFailure)
    }

    func schedule(_ fault: Agenda.Fault) {
        let mean: Int64? =
            switch fault {
            case .engineDeath: tuning.engineDeath
            case .powerCut: tuning.powerCut
            case .shutdown: tuning.shutdown
            case .replacement: tuning.replacement
            case .clockStep: tuning.clockStep
            case .keeperDeath: tuning.keeperDeath
            }
        if let mean { agenda.add(.fault(fault), at: now + chance.span(1, 2 * mean)) }
    }

    /// Does the next thing; false when there is none.
    private func step() -> Bool {
        plan()
        var next: (time: Int64, source: Source)?
        func offer(_ time: Int64?, _ source: Source) {
            guard let time, time < next?.time ?? Int64.max else { return }
            next = (time, source)
        }
        for lane in Lane.allCases { offer(lanes[lane], .lane(lane)) }
        offer(incarnation?.loop.nextTimer, .timer)
        if !pumpMayHaveWork { offer(incarnation?.pumpDeadline, .pumpDeadline) }
        offer(agenda.next, .agenda)
        guard let next else { return false }
        clock.advance(to: next.time)
        switch next.source {
        case .lane(let lane):
            lanes[lane] = nil
            injected += latencies[lane] ?? 0
            take(lane)
        case .timer: incarnation?.loop.fireTimers()
        case .pumpDeadline: pumpMayHaveWork = true
        case .agenda: if let occurrence = agenda.take() { happen(occurrence) }
        }
        afterwards()
        return true
    }

    /// Gives each thread that has something to do the time at which it goes on.
    private func plan() {
        func plan(_ lane: Lane, _ hasWork: Bool, _ usual: Int64, _ slow: Double, _ long: Int64) {
            guard hasWork else {
                lanes[lane] = nil
                return
            }
            guard lanes[lane] == nil else { return }
            var latency = chance.span(1, usual)
            if slow > 0, !isCalm, chance.happens(slow) { latency = chance.span(usual, long) }
            latencies[lane] = latency
            lanes[lane] = now + latency
        }
        let second: Int64 = 1_000_000_000
        plan(.loop, incarnation?.loop.hasWork ?? false, 30_000, 0, 0)
        plan(.store, (incarnation?.storeThread.count ?? 0) > 0, 4_000_000, tuning.slowStore, 4 * second)
        plan(.workers, (incarnation?.workers.count ?? 0) > 0, 10_000_000, tuning.slowWorkers, 6 * second)
        if let deadline = incarnation?.pumpDeadline, deadline <= now { pumpMayHaveWork = true }
        plan(.pump, pumpMayHaveWork && incarnation != nil, 100_000, tuning.slowPump, second)
        plan(.hear, keeperMayHear && incarnation != nil, 200_000, tuning.slowKeeper, 2 * second)
        plan(.tell, keeper.hasNews, 200_000, tuning.slowKeeper, 2 * second)
    }

    private func take(_ lane: Lane) {
        guard let incarnation else { return }
        switch lane {
        case .loop:
            incarnation.loop.step()
            pumpMayHaveWork = true
            keeperMayHear = true
        case .store: incarnation.storeThread.carryOut(0)
        case .workers:
            let pool = incarnation.workers
            pool.carryOut(Int.random(in: 0..<min(pool.threads, pool.count), using: &chance))
            lookAtGroups()
        case .pump: pumpMayHaveWork = incarnation.turnPump()
        case .hear: if let requests = keeper.hear() { requests.forEach(serve) } else { keeperMayHear = false }
        case .tell:
            keeper.tell()
            pumpMayHaveWork = true
        }
    }

    /// What the threads of a dead engine were at is not done, and took its time all the same.
    func dropLanes() {
        for lane in lanes.keys { injected += latencies[lane] ?? 0 }
        lanes = [:]
    }

    /// What follows from any step.
    private func afterwards() {
        collectAnswers()
        for (id, why) in runtime.takeFailures() {
            checker.preparationFailed(id, why, now, isRecovering: incarnation?.isReady != true)
        }
        if let incarnation, incarnation.wantsToEnd || incarnation.disk.isDead { killEngine(afterwards: true) }
    }

    private func happen(_ occurrence: Agenda.Occurrence) {
        switch occurrence {
        case .launch(let serial): launch(serial)
        case .process(let serial, let step): act(serial, step)
        case .client(let number): askSomething(number)
        case .startEngine: startEngine()
        case .fault(let fault):
            guard !isCalm else { return }
            strike(fault)
            schedule(fault)
        case .disk(let isBad): setDisk(isBad: isBad)
        case .calm: calmDown()
        case .judge: judge()
        case .cleanUp: cleanUp()
        case .end: finish()
        }
    }
}
