import Model
import Restart

extension ContainerLifecycle {
    mutating func stopRequested(_ sequence: StopSequence, by client: Client?, at now: Moment) -> [Effect] {
        let stop = UserStop(verb: .stop, signal: sequence.firstSignal, time: now.wall, client: client)
        switch record.state {
        case .created, .exited, .removing, .dead: return [.reject(.alreadyStopped)]
        case .starting(let launch):
            record.history.userStop = stop
            let purpose: StopPurpose = launch.stop?.purpose == .remove ? .remove : .stop
            return postpone(purpose, sequence, during: launch, at: now)
        case .running:
            record.history.userStop = stop
            return beginStop(.stop, sequence, at: now)
        case .paused:
            record.history.userStop = stop
            return beginStop(.stop, sequence, at: now) + [.thaw, .emit(.unpause)]
        case .stopping(let stopping):
            record.history.userStop = stop
            // A removal that was asked for goes on; who stops it waits for the same end.
            return stopping.purpose == .remove ? [] : redirect(stopping, to: .stop, sequence, at: now)
        case .backingOff: return callOffRestart(stop)
        }
    }

    mutating func restartRequested(_ sequence: StopSequence, at now: Moment) -> [Effect] {
        switch record.state {
        case .created, .exited: return launch(.restartCommand, because: .restartRequested)
        case .starting(let launch):
            switch launch.stop?.purpose {
            case .remove: return [.reject(.restartRemoving)]
            case .shutdown: return [.reject(.supervisorStopping)]
            case .stop, .kill, .restart, .watchdog, nil:
                record.history.userStop = nil
                return postpone(.restart, sequence, during: launch, at: now)
            }
        case .running:
            record.history.userStop = nil
            return beginStop(.restart, sequence, at: now)
        case .paused:
            record.history.userStop = nil
            return beginStop(.restart, sequence, at: now) + [.thaw, .emit(.unpause)]
        case .stopping(let stopping):
            switch stopping.purpose {
            case .remove: return [.reject(.restartRemoving)]
            case .shutdown: return [.reject(.supervisorStopping)]
            case .stop, .kill, .restart, .watchdog:
                record.history.userStop = nil
                return redirect(stopping, to: .restart, sequence, at: now)
            }
        case .backingOff: return [.cancelTimer(.backoff)] + launch(.restartCommand, because: .restartRequested)
        case .removing, .dead: return [.reject(.restartRemoving)]
        }
    }

    mutating func killRequested(_ signal: Signal, by client: Client?, at now: Moment) -> [Effect] {
        let marks = marksUserStop(signal, stopSignal: settings.stopSignal)
        let stop = UserStop(verb: .kill, signal: signal, time: now.wall, client: client)
        switch record.state {
        case .created, .exited, .removing, .dead: return [.reject(.killNotRunning)]
        case .starting(var launch):
            if !launch.signals.contains(signal) { launch.signals.append(signal) }
            record.state = .starting(launch)
            if marks { record.history.userStop = stop }
            // A start may hang, on a mount say: KILL does not wait for it.
            return signal == .kill ? [.killAll] : []
        case .running:
            if marks { record.history.userStop = stop }
            return signal == .kill ? beginStop(.kill, .kill, at: now) : deliver(signal)
        case .stopping(let stopping):
            // Within a restart it only hastens the end.
            if marks, stopping.purpose != .restart { record.history.userStop = stop }
            return deliver(signal)
        case .paused:
            guard marks else { return deliver(signal) }
            record.history.userStop = stop
            if signal == .kill { return beginStop(.kill, .kill, at: now) + [.thaw, .emit(.unpause)] }
            record.state = .running
            return deliver(signal) + [.thaw, .emit(.unpause)]
        case .backingOff: return marks ? callOffRestart(stop) : [.reject(.killRestarting)]
        }
    }

    mutating func stopTimerFired(at now: Moment) -> [Effect] {
        switch record.state {
        case .stopping(var stopping):
            stopping.step = min(max(0, stopping.step).saturatingAdding(1), stopping.sequence.steps.count)
            return take(stopping, at: now)
        case .starting(let launch):
            guard launch.stop != nil else { return [] }
            return [.killAll, .armTimer(.stop, after: StopSequence.killGrace)]
        case .created, .running, .paused, .backingOff, .exited, .removing, .dead: return []
        }
    }

    /// The effects of one signal sent to the process.
    func deliver(_ signal: Signal) -> [Effect] {
        [signal == .kill ? .killAll : .signal(signal), .emit(.kill(signal))]
    }

    /// The first step of a stop.
    mutating func beginStop(_ purpose: StopPurpose, _ sequence: StopSequence, at now: Moment) -> [Effect] {
        take(Stopping(purpose: purpose, sequence: sequence), at: now)
    }

    /// Carries out the step that a stop stands at, and sets its timer.
    private mutating func take(_ stopping: Stopping, at now: Moment) -> [Effect] {
        var stopping = stopping
        var effects: [Effect]
        let grace: Nanoseconds?
        if let step = stopping.present {
            effects = deliver(step.signal)
            grace = step.grace
        } else {
            effects = stopping.kills == 0 ? deliver(.kill) : [.killAll, .notify(.killOverdue)]
            stopping.kills = stopping.kills.saturatingAdding(1)
            grace = StopSequence.killGrace
        }
        stopping.due = grace.map { now.monotonic.advanced(by: $0) }
        record.state = .stopping(stopping)
        return effects + [grace.map { .armTimer(.stop, after: $0) } ?? .cancelTimer(.stop)]
    }

    /// A later command takes over a stop under way. Its signal is sent; the earlier end of the two counts, as with
    /// Docker, where each command keeps its own timer.
    mutating func redirect(
        _ stopping: Stopping, to purpose: StopPurpose, _ sequence: StopSequence, at now: Moment
    ) -> [Effect] {
        var told: [Effect] = []
        if stopping.purpose == .restart, purpose != .restart { told.append(.notify(.startFailed(.superseded))) }
        guard let first = sequence.steps.first else {
            return told + beginStop(purpose, sequence, at: now)
        }
        let due = first.grace.map { now.monotonic.advanced(by: $0) }
        if let due, stopping.due.map({ due < $0 }) ?? true {
            return told + beginStop(purpose, sequence, at: now)
        }
        var kept = stopping
        kept.purpose = purpose
        record.state = .stopping(kept)
        return told + deliver(first.signal)
    }

    /// A stop that waits until the process is there. Should the start hang, KILL ends it when the first grace is over.
    mutating func postpone(
        _ purpose: StopPurpose, _ sequence: StopSequence, during launch: Launch, at now: Moment
    ) -> [Effect] {
        var launch = launch
        launch.stop = PendingStop(purpose: purpose, sequence: sequence, requested: now.monotonic)
        record.state = .starting(launch)
        guard let first = sequence.steps.first else { return [.killAll] }
        guard let grace = first.grace else { return [] }
        return [.armTimer(.stop, after: grace)]
    }

    /// Begins what was postponed. Its grace counts from when it was asked for, not from the start that nobody had told of.
    mutating func beginPostponed(_ stop: PendingStop, at now: Moment) -> [Effect] {
        let late = max(.zero, stop.requested?.since(now.monotonic) ?? .zero)
        let asked = Moment(monotonic: now.monotonic.advanced(by: late), wall: now.wall)
        return beginStop(stop.purpose, stop.sequence, at: asked).map { effect in
            guard case .armTimer(let kind, let after) = effect else { return effect }
            return .armTimer(kind, after: after + late)
        }
    }

    /// A user's stop while no process runs: the restart is off, and the last run's code is the code.
    private mutating func callOffRestart(_ stop: UserStop) -> [Effect] {
        record.history.userStop = stop
        record.state = record.restState
        let reason = note(Reason(occurrence: .stopRequested(stop), rule: .stoppedByUser(stop), outcome: .stay))
        let told: [Effect] = [.notify(.exited(code: record.lastCode))] + (stop.verb == .stop ? [.emit(.stop)] : [])
        return [.cancelTimer(.backoff)] + told + [reason] + settle()
    }
}
