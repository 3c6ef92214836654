import Lifecycle
import Model
import Restart

/// A program as the rows of the reference use them.
struct Program {
    /// How long it runs on its own; `nil` is for ever.
    var endsAfter: Nanoseconds?
    /// The code it then ends with.
    var code: UInt8 = 0
    /// What a signal does: end with the code. Like every first process it ignores what it has no handler for.
    var traps: [Signal: UInt8] = [:]
    /// Whether it ends by the kernel's killing it for lack of memory.
    var outOfMemory = false
}

/// The engine and the kernel in miniature: carries out effects on a clock of its own, for one container.
struct World {
    var lifecycle: ContainerLifecycle
    /// The program of each run, by its number from 1.
    var program: (Int) -> Program
    var now = Nanoseconds.seconds(1000)
    var starts = 0
    var alive = false
    var frozen = false
    /// The effects of the last event, and of all.
    var last: [Effect] = []
    var log: [Effect] = []
    /// What a client that polls would have seen, in order.
    var seen: [Seen] = []
    var refusals: [LifecycleRefusal] = []
    /// Starts that fail, by the number of the launch from 1.
    var failingLaunches: Set<Int> = []
    var launches = 0

    private var queue: [(at: Nanoseconds, run: Int?, event: LifecycleEvent)] = []
    private var timers: [TimerKind: Nanoseconds] = [:]

    init(_ settings: LifecycleSettings, program: @escaping (Int) -> Program) {
        lifecycle = ContainerLifecycle(settings: settings)
        self.program = program
    }

    /// One row of what inspect shows.
    struct Seen: Hashable, CustomStringConvertible {
        var starts: Int
        var status: String
        var code: Int
        var count: Int
        var outOfMemory = false

        var description: String {
            "\(starts) / \(status) / \(code) / \(count)" + (outOfMemory ? " / OOM" : "")
        }
    }

    var shown: Seen {
        let state = lifecycle.snapshot
        return Seen(
            starts: starts, status: state.status.rawValue, code: state.exitCode,
            count: lifecycle.record.history.count, outOfMemory: state.oomKilled)
    }

    mutating func send(_ event: LifecycleEvent) {
        let moment = Moment(
            monotonic: MonotonicInstant(nanoseconds: now.count), wall: WallTime(nanoseconds: now.count))
        last = lifecycle.handle(event, at: moment)
        log += last
        for effect in last { carryOut(effect) }
        seen.append(shown)
    }

    /// A signal that does not come through the API.
    mutating func hostSignal(_ signal: Signal) { deliver(signal) }

    mutating func run(for span: Nanoseconds) {
        let end = Nanoseconds(now.count + span.count)
        while let next = nextDue(before: end) {
            now = max(now, next.at)
            if let timer = next.timer { timers[timer] = nil } else { queue.removeFirst() }
            if let run = next.run, run != starts || !alive { continue }
            if case .exited = next.event { alive = false }
            if case .spawned = next.event { began() }
            send(next.event)
        }
        now = end
    }

    /// The supervisor ends; all that is left is what was made durable, and the process unless it `kills` it.
    mutating func restartSupervisor(_ end: SupervisorEnd, record: RunRecord) {
        timers = [:]
        if end != .handover {
            alive = false
            queue = []
        }
        lifecycle = ContainerLifecycle(settings: lifecycle.settings, record: record)
        send(.supervisorStarted(after: end, alive: alive))
    }

    private func nextDue(
        before end: Nanoseconds
    ) -> (at: Nanoseconds, run: Int?, event: LifecycleEvent, timer: TimerKind?)? {
        let timer = timers.min { $0.value < $1.value }
        if let first = queue.first, first.at <= end, first.at <= timer?.value ?? end {
            return (first.at, first.run, first.event, nil)
        }
        guard let timer, timer.value <= end else { return nil }
        return (timer.value, nil, timer.key == .stop ? .stopTimerFired : .backoffElapsed, timer.key)
    }

    private mutating func enqueue(after span: Nanoseconds, run: Int?, _ event: LifecycleEvent) {
        let at = Nanoseconds(now.count + span.count)
        queue.insert((at, run, event), at: queue.firstIndex { $0.at > at } ?? queue.endIndex)
    }

    private mutating func began() {
        starts += 1
        alive = true
        frozen = false
        let program = program(starts)
        guard let span = program.endsAfter else { return }
        let status: ExitStatus =
            program.outOfMemory ? .signaled(.kill, coreDumped: false) : .exited(program.code)
        enqueue(after: span, run: starts, .exited(status, outOfMemory: program.outOfMemory))
    }

    private mutating func deliver(_ signal: Signal) {
        guard alive else { return }
        if signal == .kill {
            enqueue(
                after: .milliseconds(1), run: starts, .exited(.signaled(.kill, coreDumped: false), outOfMemory: false))
        } else if let code = program(starts).traps[signal], !frozen {
            enqueue(after: .milliseconds(1), run: starts, .exited(.exited(code), outOfMemory: false))
        }
    }

    private mutating func carryOut(_ effect: Effect) {
        switch effect {
        case .launch:
            launches += 1
            if failingLaunches.contains(launches) {
                enqueue(
                    after: .milliseconds(5), run: nil,
                    .spawnFailed(StartFailure(exitCode: 127, message: "exec /srv/run: no such file or directory")))
            } else {
                enqueue(after: .milliseconds(5), run: nil, .spawned)
            }
        case .signal(let signal): deliver(signal)
        case .killAll: deliver(.kill)
        case .freeze: enqueue(after: .milliseconds(1), run: starts, .frozen)
        case .thaw: frozen = false
        case .armTimer(let kind, let span): timers[kind] = Nanoseconds(now.count + span.count)
        case .cancelTimer(let kind): timers[kind] = nil
        case .reject(let refusal): refusals.append(refusal)
        case .remove: enqueue(after: .milliseconds(5), run: nil, .removed)
        case .persist, .record, .emit, .notify, .releaseResources, .forget: break
        }
    }
}
