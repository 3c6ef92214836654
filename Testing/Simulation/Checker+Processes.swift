import Engine
import Model

extension ClientCommand {
    /// Whether it asks for a start.
    var starts: Bool {
        switch self {
        case .start, .restart: true
        case .create, .stop, .kill, .remove, .update, .pause, .unpause, .rename, .wait, .attach, .tag, .removeImage:
            false
        }
    }

    /// Whether it is a user's stop: `stop`, `rm -f`, and `kill` with the signals that docs/policies.md names.
    func stops(stopSignal: Signal?) -> Bool {
        switch self {
        case .stop: true
        case .remove(let force): force
        case .kill(let signal):
            [.kill, .terminate, .interrupt, .quit].contains(signal) || signal == stopSignal
        case .create, .start, .restart, .update, .pause, .unpause, .rename, .wait, .attach, .tag, .removeImage: false
        }
    }

    /// Whether it calls off a restart that is under way.
    var endsARestart: Bool {
        switch self {
        case .stop, .remove: true
        case .create, .start, .kill, .restart, .update, .pause, .unpause, .rename, .wait, .attach, .tag, .removeImage:
            false
        }
    }

    /// Whether its answer says that the process has ended.
    var waitsForTheEnd: Bool {
        switch self {
        case .stop, .remove: true
        case .kill(let signal): signal == .kill
        case .create, .start, .restart, .update, .pause, .unpause, .rename, .wait, .attach, .tag, .removeImage: false
        }
    }

    /// Whether it sends signals.
    var signals: Bool {
        switch self {
        case .stop, .kill, .restart: true
        case .remove(let force): force
        case .create, .start, .update, .pause, .unpause, .rename, .wait, .attach, .tag, .removeImage: false
        }
    }
}

// What the kernel saw: births, ends and signals.
extension Checker {
    func cloned(_ process: SimulatedProcess, _ time: Int64, _ injected: Int64) {
        guard let id = ContainerID(process.key) else { return }
        guard let container = containers[id] else {
            fail(time, "a process was made for a container that nobody has: \(process.key)")
            return
        }
        if let live = container.live {
            fail(
                time, "\(container.name) has two processes: run \(live.serial) lives, and run \(process.serial) is made"
            )
        }
        require(!container.isGone, time, "\(container.name) was removed, and is started")
        if isShuttingDown {
            // What was asked of the keeper before is still made, and stopped.
            let last = shutdownAsked.time + Self.decisionTime + (injected - shutdownAsked.injected)
            require(time <= last, time, "\(container.name) is started while the supervisor goes down")
        }
        let starters = container.openStarts(at: time)
        checkStop(container, time)
        container.cause = starters.isEmpty ? .policy : .unknown
        if starters.isEmpty {
            if container.owesSupervisorStart {
                checkSupervisorStart(container, time)
            } else {
                checkPolicy(container, time, injected)
            }
        } else {
            // A supervisor's start, or a policy's restart, may have come first when both were due.
            if container.owesSupervisorStart { container.supervisorStarts.append(time) }
            let isAlone = container.end == nil && starters.count == 1 && !container.owesSupervisorStart
            container.history = isAlone ? (0, nil) : nil
            if isAlone { container.cause = .user }
        }
        container.owesSupervisorStart = false
        container.end = nil
        container.live = process
        container.lastClone = time
        container.lastEvent = time
        container.lastInjected = injected
        container.runs.append(process)
    }

    /// A user's stop is lifted by nothing but a user's start, or a supervisor's under `always`.
    private func checkStop(_ container: Expected, _ time: Int64) {
        guard let stop = container.lastStop, let answered = stop.answered else { return }
        // A signal that meets a start under way is sent when the process is there.
        if !stop.what.waitsForTheEnd, !container.wasUp(at: stop.issued), (container.lastClone ?? 0) < answered {
            return
        }
        let open = container.openStarts(at: time).map(\.number)
        let lifted = container.commands.contains { command in
            command.what.starts && !command.wasRefused
                && ((command.answered ?? Int64.max) >= stop.issued || open.contains(command.number)
                    || command.mayHaveBeenHastened(by: stop, container.runs))
        }
        let bySupervisor =
            container.owesSupervisorStart && (container.policiesSinceStart + container.policies).contains(.always)
        require(
            lifted || bySupervisor || container.wasStartedBySupervisor(since: stop.issued), time,
            "\(container.name) was stopped by #\(stop.number) \(stop.what.verb), answered at "
                + "\(Trace.seconds(answered)), and is started again by nobody's command")
    }

    private func checkSupervisorStart(_ container: Expected, _ time: Int64) {
        let wasAskedFor = container.commands.contains { $0.what.starts && !$0.wasRefused }
        require(wasAskedFor, time, "\(container.name) was never started, and a supervisor's start starts it")
        require(
            (container.policiesSinceStart + container.policies).contains { $0 != .no }, time,
            "\(container.name) has policy no, and a supervisor's start starts it")
        container.supervisorStarts.append(time)
        // One may have failed before it.
        container.history = container.end == nil ? (0, nil) : nil
    }

    private func checkPolicy(_ container: Expected, _ time: Int64, _ injected: Int64) {
        guard let end = container.end else {
            fail(time, "\(container.name) is started, and nobody and nothing asked for it")
            return
        }
        require(
            (end.policies + container.policies).contains { policy in
                switch policy {
                case .no: false
                case .always, .unlessStopped: true
                case .onFailure(let maximum):
                    end.isFailure
                        && (maximum == nil || container.history == nil || container.history?.count ?? 0 < maximum ?? 0)
                }
            }, time,
            "\(container.name) is restarted against its policy \(container.policies.map { "\($0.name):\($0.maximumRetryCount)" }), "
                + "failed: \(end.isFailure), restarts so far: \(container.history.map { "\($0.count)" } ?? "?")")
        guard let delay = end.delay else {
            container.history = container.history.map { ($0.count + 1, nil) }
            container.history = nil
            return
        }
        require(
            time >= end.time + delay, time,
            "\(container.name) is restarted \(time - end.time) ns after its end, and its delay is \(delay) ns")
        // The output may be waited for two seconds; all else is the slowness of threads.
        let slack = 2_000_000_000 + (injected - end.injected) + 50_000_000
        require(
            time <= end.time + delay + slack, time,
            "\(container.name) is restarted \(time - end.time) ns after its end, and its delay is \(delay) ns")
        container.history = container.history.map { ($0.count + 1, delay) }
    }

    func executed(_ process: SimulatedProcess, _ time: Int64) {
        guard let container = expected(process.key) else { return }
        container.wasExecuted = true
        container.lastEvent = time
    }

    func ended(_ process: SimulatedProcess, _ status: ExitStatus, _ time: Int64, _ injected: Int64) {
        guard let container = expected(process.key), container.live === process else { return }
        container.live = nil
        noteRest(of: container, after: process, time)
        container.lastStatus = status
        container.lastEvent = time
        container.lastInjected = injected
        let ranFor = time - (process.executed ?? time)
        container.end = End(
            time: time, isFailure: status.code != 0, policies: container.policies,
            delay: container.nextDelay(ranFor: ranFor), injected: injected)
        if isShuttingDown { container.end = nil }
    }

    /// A launch failed: under a policy it is a run of no length that failed; for a user it is an answer and no more.
    func launchFailed(_ process: SimulatedProcess, _ time: Int64) {
        guard let container = expected(process.key), container.live === process else { return }
        container.live = nil
        process.ended = time
        noteRest(of: container, after: process, time)
        container.lastEvent = time
        container.noteFailedStart(time, cause: container.cause)
    }

    /// A start that was under way when its keeper died is made again, and what was asked of it is asked of the next.
    private func noteRest(of container: Expected, after process: SimulatedProcess, _ time: Int64) {
        if process.slot != SimulatedProcess.noSlot { container.lastRest = time }
    }

    /// The kernel had no process to give.
    func refusedClone(_ key: String, _ time: Int64) {
        guard let container = expected(key) else { return }
        container.history = nil
        container.noteFailedStart(time, cause: .unknown)
    }

    func preparationFailed(_ id: ContainerID, _ why: String, _ time: Int64, isRecovering: Bool) {
        // For a process that lives it was only looked for again.
        guard let container = containers[id], container.live == nil else { return }
        container.lastEvent = time
        if isRecovering {
            // A start, or only a look for what an ended run had left.
            container.history = nil
            container.end?.delay = nil
            if container.owesSupervisorStart { container.supervisorStarts.append(time) }
            if container.end == nil { container.noteFailedStart(time, cause: .unknown) }
            return
        }
        let starters = container.openStarts(at: time)
        if !starters.isEmpty {
            container.noteFailedStart(time, cause: starters.count == 1 && container.end == nil ? .user : .unknown)
            return
        }
        // An automatic start that failed before it came to a process counts as a restart all the same.
        if container.owesSupervisorStart {
            container.history = (0, nil)
            container.supervisorStarts.append(time)
        }
        if let end = container.end {
            container.history = end.delay.flatMap { delay in container.history.map { ($0.count + 1, delay) } }
        }
        container.owesSupervisorStart = false
        container.noteFailedStart(time, cause: .policy)
    }

    /// The machine or the keeper went, and the process with it.
    func vanished(_ process: SimulatedProcess, _ time: Int64) {
        guard let container = expected(process.key), container.live === process else { return }
        container.live = nil
        container.lastStatus = nil
        container.end = nil
        process.isLost = true
        process.ended = time
        container.lastEvent = time
    }

    /// Signals come from commands, or from an ordered shutdown; KILL not before its time.
    func signalled(_ process: SimulatedProcess, _ signal: Signal, _ time: Int64) {
        guard let container = expected(process.key), !isShuttingDown else { return }
        let senders = container.commands.filter { command in
            command.what.signals && !command.wasRefused
                && (command.answered ?? Int64.max) >= min(process.cloned, container.lastRest)
        }
        require(
            !senders.isEmpty, time,
            "\(container.name), run \(process.serial), is sent \(signal.name), and nobody asked for it")
        guard signal == .kill else { return }
        let isDue = senders.contains { command in
            switch command.what {
            case .stop(let timeout), .restart(let timeout): time >= command.issued + Int64(timeout) * 1_000_000_000
            case .kill(let asked): asked == .kill
            case .remove: true
            case .create, .start, .update, .pause, .unpause, .rename, .wait, .attach, .tag, .removeImage: false
            }
        }
        require(isDue, time, "\(container.name), run \(process.serial), is killed before its time to stop is over")
    }
}

extension IssuedCommand {
    /// Whether this is a restart whose answer was lost, and the signal met the end of its first half or its second half.
    func mayHaveBeenHastened(by stop: IssuedCommand, _ runs: [SimulatedProcess]) -> Bool {
        guard outcome == .lost, !stop.what.endsARestart, let lost = answered, lost <= stop.issued else { return false }
        return !runs.contains { $0.cloned > lost && $0.ended ?? Int64.max < stop.issued }
    }

    /// Whether it failed, after which what it asked for may be so or not.
    var mayHaveDoneSomething: Bool { if case .refused(500, _) = outcome { true } else { false } }

    /// Whether it was answered with a refusal, so that it did nothing. A failure may have done something.
    var wasRefused: Bool {
        if case .refused(let status, _) = outcome { status == 304 || status == 409 || status == 404 } else { false }
    }
}

extension Checker.Expected {
    /// Starts that were asked for and are not answered, or whose answer was lost and that no later command replaced.
    func openStarts(at time: Int64) -> [IssuedCommand] {
        commands.filter { command in
            guard command.what.starts else { return false }
            if command.answered == nil { return true }
            guard command.outcome == .lost, command.answered ?? 0 >= servedUntil else { return false }
            return !commands.contains { later in
                // A signal within a restart only hastens the end.
                later.issued >= command.answered ?? 0 && later.outcome == .done
                    && (later.what.starts || later.what.endsARestart)
            }
        }
    }

    /// An engine shows the living process as running: it knows that its program was executed.
    func noteShown(_ snapshot: ContainerSnapshot) {
        guard let live, live.executed != nil, snapshot.state.running, !snapshot.state.restarting,
            snapshot.state.pid == Int(live.pid)
        else { return }
        live.wasShown = true
    }

    /// The last user's stop that was answered with success.
    var lastStop: IssuedCommand? {
        commands.filter { $0.outcome == .done && $0.what.stops(stopSignal: stopSignal) }
            .max { ($0.issued, $0.number) < ($1.issued, $1.number) }
    }

    /// Whether there was a process at a time.
    func wasUp(at time: Int64) -> Bool {
        runs.contains { ($0.executed ?? Int64.max) <= time && ($0.ended ?? Int64.max) >= time }
    }

    /// Whether a supervisor's start under `always` came after a time; then the stop is lifted.
    func wasStartedBySupervisor(since time: Int64) -> Bool { supervisorStarts.contains { $0 > time } }

    /// 100 ms at first and after a run of ten seconds, else twice the last, at most a minute.
    func nextDelay(ranFor: Int64?) -> Int64? {
        guard let history else { return nil }
        guard let last = history.delay else { return 100_000_000 }
        if let ranFor, ranFor >= 10_000_000_000 { return 100_000_000 }
        return min(2 * last, 60_000_000_000)
    }

    func noteFailedStart(_ time: Int64, cause: Checker.Cause) {
        lastStatus = .exited(128)
        switch cause {
        // The user is told, and nothing is tried again.
        case .user: end = nil
        case .policy:
            end = Checker.End(
                time: time, isFailure: true, policies: policies, delay: nextDelay(ranFor: nil), injected: 0,
                isFailedStart: true)
        case .unknown:
            end = Checker.End(
                time: time, isFailure: true, policies: policies, delay: nil, injected: 0, isFailedStart: true)
            history = nil
        }
    }
}
