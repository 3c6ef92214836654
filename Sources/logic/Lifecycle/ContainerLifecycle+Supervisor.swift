import Model
import Restart

extension ContainerLifecycle {
    mutating func supervisorStarted(after end: SupervisorEnd, alive: Bool, at now: Moment) -> [Effect] {
        switch record.state {
        // An engine that died between asking for a process and writing that down: the keeper knows better.
        case .created where alive, .exited where alive:
            return resume(Launch(origin: .user), after: end, alive: alive, at: now)
        case .backingOff where alive:
            return resume(Launch(origin: .policy), after: end, alive: alive, at: now)
        case .created: return []
        case .starting(let launch): return resume(launch, after: end, alive: alive, at: now)
        // A freeze or a thaw that the last engine did not live to finish is settled by the record.
        case .running: return alive ? [.thaw] : lost(after: end, at: now)
        case .paused: return alive ? [.freeze] : lost(after: end, at: now)
        case .stopping(let stopping):
            guard alive else { return lost(after: end, at: now) }
            // The shutdown was cut short. Should its signal end the process yet, that is an end like any other.
            if stopping.purpose == .shutdown, end != .handover {
                record.state = .running
                return [.thaw]
            }
            return goOn(stopping, at: now)
        case .backingOff(let backoff):
            guard end == .handover else {
                return startAgain(after: end, restartPending: true, at: now)
            }
            return [.armTimer(.backoff, after: max(.zero, backoff.due.since(now.monotonic)))]
        case .exited: return startAgain(after: end, restartPending: false, at: now)
        case .removing: return [.remove]
        case .dead: return []
        }
    }

    /// A start was under way when the supervisor ended.
    private mutating func resume(
        _ launch: Launch, after end: SupervisorEnd, alive: Bool, at now: Moment
    ) -> [Effect] {
        if alive {
            var launch = launch
            if launch.stop?.purpose == .shutdown, end != .handover { launch.stop = nil }
            return began(launch, at: now)
        }
        switch end {
        case .handover:
            guard launch.origin.isAutomatic, launch.stop == nil, record.history.userStop == nil else {
                return spawnFailed(.interrupted, at: now)
            }
            // The start that was owed is made; the keeper had not heard of it.
            return [.launch(launch.origin)]
        case .graceful, .crash, .reboot:
            if launch.stop?.purpose == .remove {
                return beginRemoval(because: .removalRequested(force: true), rule: .command)
            }
            return startAgain(after: end, restartPending: launch.origin.isAutomatic, at: now)
        }
    }

    /// The signal of the present step is sent again, since nobody knows whether it was sent.
    private func goOn(_ stopping: Stopping, at now: Moment) -> [Effect] {
        let signal: Effect =
            if let step = stopping.present, step.signal != .kill {
                .signal(step.signal)
            } else {
                .killAll
            }
        let due = stopping.due.map { max(.zero, $0.since(now.monotonic)) }
        return [signal, .thaw] + (due.map { [.armTimer(.stop, after: $0)] } ?? [])
    }

    /// A process was there and is gone, and nobody saw how it ended: Docker records 255.
    private mutating func lost(after end: SupervisorEnd, at now: Moment) -> [Effect] {
        switch end {
        case .handover: return exited(.unknown, outOfMemory: false, at: now)
        case .graceful, .crash, .reboot: break
        }
        let purpose: StopPurpose? = if case .stopping(let stopping) = record.state { stopping.purpose } else { nil }
        record.lastExit = .unknown
        record.finishedAt = now.wall
        if purpose == .remove { return beginRemoval(because: .removalRequested(force: true), rule: .command) }
        return startAgain(after: end, restartPending: false, at: now)
    }

    /// Puts a container without a process to the rules of a supervisor's start.
    private mutating func startAgain(after end: SupervisorEnd, restartPending: Bool, at now: Moment) -> [Effect] {
        let found = DownRecord(
            startedBefore: record.startedAt != nil, lastExit: record.lastExit, restartPending: restartPending)
        let decision = decideAtSupervisorStart(
            policy: settings.policy, found: found, after: end, history: record.history, owner: record.owner)
        if end == .handover { return [] }
        record.history = decision.history
        switch decision.action {
        case .restart:
            let reason = note(decision.reason)
            record.outOfMemory = false
            record.state = .starting(Launch(origin: .supervisorStart))
            return [reason, .launch(.supervisorStart)]
        case .stay, .giveUp:
            let wasDown = record.state == .exited
            record.state = record.restState
            // What stopped it is the better answer to `why` than that it is still so.
            if wasDown { return settings.autoRemove ? settle() : [] }
            return [note(decision.reason)] + settle()
        }
    }

    /// An end that no user asked for: for the supervisor's shutdown, or for the unit that runs the container.
    mutating func end(because purpose: StopPurpose, _ sequence: StopSequence, at now: Moment) -> [Effect] {
        switch record.state {
        case .created, .exited, .removing, .dead: return []
        case .starting(let launch):
            switch launch.stop?.purpose {
            case .stop, .kill, .remove, .shutdown, .watchdog: return []
            case .restart, nil: return postpone(purpose, sequence, during: launch, at: now)
            }
        case .running: return beginStop(purpose, sequence, at: now)
        case .paused: return beginStop(purpose, sequence, at: now) + [.thaw, .emit(.unpause)]
        case .stopping(let stopping):
            switch stopping.purpose {
            case .stop, .kill, .remove, .shutdown, .watchdog: return hasten(stopping, by: sequence, at: now)
            case .restart: return redirect(stopping, to: purpose, sequence, at: now)
            }
        // It stays a pending restart in the record, and the next supervisor carries it out.
        case .backingOff: return purpose == .shutdown ? [.cancelTimer(.backoff), .releaseResources] : []
        }
    }

    /// A stop with a longer grace than the shutdown's, or with none that ends, may not hold the shutdown up.
    private mutating func hasten(_ stopping: Stopping, by sequence: StopSequence, at now: Moment) -> [Effect] {
        guard let grace = sequence.steps.first?.grace else { return [] }
        let due = now.monotonic.advanced(by: grace)
        guard stopping.due.map({ due < $0 }) ?? true else { return [] }
        var hastened = stopping
        hastened.due = due
        record.state = .stopping(hastened)
        return [.armTimer(.stop, after: grace)]
    }
}
