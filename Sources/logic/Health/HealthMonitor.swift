public import Model

/// The watch over one container's health as a pure state machine: events and the moment they happened give a verdict
/// and the effects to carry out. It is total over its states and events; an event that comes too late changes nothing.
///
/// It decides what dockerd decides (moby, daemon/health.go): verdict and streak begin anew with each run, the log of checks
/// goes on; a container that does not run, or is paused, shows as unhealthy, which is no event.
public struct HealthMonitor: Hashable, Sendable {
    /// How many checks the log remembers, as Docker's `maxLogEntries`.
    public static let remembered = 5

    /// What is checked and when.
    public let plan: HealthPlan
    /// What must outlive the engine.
    public private(set) var record: HealthRecord
    private var phase = Phase.idle

    /// What it waits for.
    private enum Phase: Hashable {
        /// For a run, or for the end of a pause.
        case idle
        /// For the time of the next check.
        case waiting
        /// For the end of a check.
        case probing(UInt64, since: Moment, overdue: Bool)
        /// For the end of a check whose result nobody wants any more; then for the next, if there is a run again.
        case abandoning(UInt64, watching: Bool)
    }

    /// A watch over a container without a run, or one that goes on from what an earlier engine wrote.
    public init(_ plan: HealthPlan, record: HealthRecord = HealthRecord()) {
        self.plan = plan
        self.record = record
    }

    /// What `inspect` shows; `nil` before the first run.
    public var shown: HealthSnapshot? { record.run == nil ? nil : record.snapshot }

    /// Takes an event; the effects are to be carried out in order.
    public mutating func handle(_ event: HealthEvent, at now: Moment) -> [HealthEffect] {
        switch event {
        case .began(let run): began(run, at: now)
        case .recovered(let run): recovered(run, at: now)
        case .suspended: suspended()
        case .resumed: resumed(at: now)
        case .timerFired: timerFired(at: now)
        case .probeStarted(let number): probeStarted(number, at: now)
        case .probeEnded(let number, let end): probeEnded(number, end, at: now)
        }
    }

    // MARK: Runs

    private mutating func began(_ run: RunID, at now: Moment) -> [HealthEffect] {
        record.run = run
        record.began = now.monotonic
        record.snapshot.status = .starting
        record.snapshot.failingStreak = 0
        return watch(at: now) + [.remember]
    }

    private mutating func recovered(_ run: RunID, at now: Moment) -> [HealthEffect] {
        guard record.run == run else { return began(run, at: now) }
        // A check that was due, or under way, while no engine was there is made now.
        phase = .waiting
        let due = max(record.due ?? now.monotonic, now.monotonic)
        return arm(min(due, now.monotonic.advanced(by: pause(at: now))))
    }

    private mutating func suspended() -> [HealthEffect] {
        guard record.run != nil else { return [] }
        record.snapshot.status = .unhealthy
        record.due = nil
        switch phase {
        case .idle, .abandoning(_, watching: false): return [.remember]
        case .waiting:
            phase = .idle
            return [.disarm, .remember]
        case .probing(let number, _, let overdue):
            phase = .abandoning(number, watching: false)
            return [.disarm] + (overdue ? [] : [.endProbe(number)]) + [.remember]
        case .abandoning(let number, watching: true):
            phase = .abandoning(number, watching: false)
            return [.remember]
        }
    }

    private mutating func resumed(at now: Moment) -> [HealthEffect] {
        guard record.run != nil else { return [] }
        return watch(at: now)
    }

    /// Gives up a check that may be under way and begins to watch.
    private mutating func watch(at now: Moment) -> [HealthEffect] {
        switch phase {
        case .idle, .waiting:
            phase = .waiting
            return wait(at: now)
        case .probing(let number, _, let overdue):
            phase = .abandoning(number, watching: true)
            return [.disarm] + (overdue ? [] : [.endProbe(number)])
        case .abandoning(let number, _):
            phase = .abandoning(number, watching: true)
            return []
        }
    }

    // MARK: Checks

    private mutating func timerFired(at now: Moment) -> [HealthEffect] {
        switch phase {
        case .idle, .abandoning, .probing(_, _, overdue: true): return []
        case .waiting:
            // A record may say any number; only that two checks differ counts.
            record.probes &+= 1
            phase = .probing(record.probes, since: now, overdue: false)
            return [.probe(record.probes)]
        case .probing(let number, let since, overdue: false):
            phase = .probing(number, since: since, overdue: true)
            return [.endProbe(number)]
        }
    }

    private func probeStarted(_ number: UInt64, at now: Moment) -> [HealthEffect] {
        // Starting a process may take long on a busy host, so only its run counts.
        guard case .probing(number, _, overdue: false) = phase else { return [] }
        return [.arm(due: now.monotonic.advanced(by: plan.timeout))]
    }

    private mutating func probeEnded(_ number: UInt64, _ end: ProbeEnd, at now: Moment) -> [HealthEffect] {
        switch phase {
        case .probing(number, let since, let overdue):
            phase = .waiting
            let verdict = note(end, since: since, overdue: overdue, at: now)
            return [.disarm] + wait(at: now) + [.remember] + (verdict.map { [.announce($0)] } ?? [])
        case .abandoning(number, let watching):
            phase = watching ? .waiting : .idle
            return watching ? wait(at: now) : []
        case .idle, .waiting, .probing, .abandoning: return []
        }
    }

    /// Puts a check into the log; the verdict when it changed.
    private mutating func note(
        _ end: ProbeEnd, since: Moment, overdue: Bool, at now: Moment
    ) -> HealthSnapshot.Status? {
        guard let (code, output) = result(end, overdue: overdue) else { return nil }
        let before = record.snapshot.status
        let entry = HealthSnapshot.Result(start: since.wall, end: now.wall, exitCode: code, output: output)
        // bounded: a constant.
        record.snapshot.log = record.snapshot.log.suffix(Self.remembered - 1) + [entry]
        if code == 0 {
            record.snapshot.failingStreak = 0
            record.snapshot.status = .healthy
        } else if before != .starting || age(at: since) >= plan.startPeriod {
            record.snapshot.failingStreak = record.snapshot.failingStreak.saturatingAdding(1)
            if record.snapshot.failingStreak >= plan.retries { record.snapshot.status = .unhealthy }
        }
        return record.snapshot.status == before ? nil : record.snapshot.status
    }

    private func result(_ end: ProbeEnd, overdue: Bool) -> (code: Int, output: String)? {
        switch end {
        case .exited(let code, let output):
            guard overdue else { return (Int(clamping: code), output.text) }
            let message = "Health check exceeded timeout (\(plan.timeout.goText))"
            return (-1, output.text.isEmpty ? message : "\(message): \(output.text)")
        case .notStarted(let message): return (-1, message)
        case .noContainer: return nil
        }
    }

    // MARK: Times

    private mutating func wait(at now: Moment) -> [HealthEffect] { arm(now.monotonic.advanced(by: pause(at: now))) }

    private mutating func arm(_ due: MonotonicInstant) -> [HealthEffect] {
        record.due = due
        return [.arm(due: due)]
    }

    private func age(at now: Moment) -> Nanoseconds { now.monotonic.since(record.began) }

    private func pause(at now: Moment) -> Nanoseconds {
        record.snapshot.status == .starting && age(at: now) < plan.startPeriod ? plan.startInterval : plan.interval
    }
}
