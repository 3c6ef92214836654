import Model
import Restart

extension ContainerLifecycle {
    mutating func startRequested() -> [Effect] {
        switch record.state {
        case .created, .exited: launch(.user, because: .startRequested)
        case .starting, .running, .stopping, .backingOff: [.reject(.alreadyStarted)]
        case .paused: [.reject(.startPaused)]
        case .removing, .dead: [.reject(.startRemoving)]
        }
    }

    /// A start that a command asked for: it begins a new history.
    mutating func launch(
        _ origin: LaunchOrigin, because occurrence: Reason.Occurrence, rule: Reason.Rule = .command
    ) -> [Effect] {
        record.history = record.history.resetForStart()
        record.outOfMemory = false
        record.state = .starting(Launch(origin: origin))
        let reason = note(Reason(occurrence: occurrence, rule: rule, outcome: .start))
        return [reason, .launch(origin)]
    }

    mutating func backoffElapsed() -> [Effect] {
        switch record.state {
        case .backingOff:
            record.state = .starting(Launch(origin: .policy))
            return [.launch(.policy)]
        case .created, .starting, .running, .paused, .stopping, .exited, .removing, .dead: return []
        }
    }

    mutating func spawned(at now: Moment) -> [Effect] {
        switch record.state {
        case .starting(let launch): return began(launch, at: now)
        case .running, .paused, .stopping:
            // A supervisor that came up took the start under way for a run.
            record.history.lastStart = record.history.lastStart.map { max($0, now.monotonic) }
            return []
        // Nobody wants this process any more.
        case .created, .backingOff, .exited, .removing, .dead: return [.killAll]
        }
    }

    /// A run begins; what arrived during its start is carried out now.
    mutating func began(_ launch: Launch, at now: Moment) -> [Effect] {
        let earlierStop = record.history.userStop
        record.state = .running
        record.startFailure = nil
        record.outOfMemoryTold = false
        record.startedAt = now.wall
        record.history.lastStart = now.monotonic
        record.history.userStop = nil
        var effects: [Effect] = [.emit(.start)]
        switch launch.origin {
        case .restartCommand: effects.append(.emit(.restart))
        case .user, .policy, .supervisorStart: break
        }
        effects.append(.notify(.started))
        for signal in launch.signals { effects += deliver(signal) }
        if launch.signals.contains(where: { marksUserStop($0, stopSignal: settings.stopSignal) }) {
            record.history.userStop = earlierStop
        }
        if let stop = launch.stop {
            switch stop.purpose {
            case .stop, .kill, .remove: record.history.userStop = earlierStop
            case .restart, .shutdown, .watchdog: break
            }
            effects += beginPostponed(stop, at: now)
        }
        return effects
    }

    mutating func spawnFailed(_ failure: StartFailure, at now: Moment) -> [Effect] {
        switch record.state {
        case .starting(let launch): return startFailed(launch, failure, at: now)
        // The process that a supervisor took for running had in truth never got to its program.
        case .running, .paused, .stopping:
            return exited(.exited(UInt8(clamping: failure.exitCode)), outOfMemory: false, at: now)
        case .created, .backingOff, .exited, .removing, .dead: return []
        }
    }

    private mutating func startFailed(_ launch: Launch, _ failure: StartFailure, at now: Moment) -> [Effect] {
        record.startFailure = failure
        let told: [Effect] = [.cancelTimer(.stop), .notify(.startFailed(failure))]
        switch launch.stop?.purpose {
        case .restart:
            let ended: [Effect] = [.cancelTimer(.stop), .notify(.startEnded)]
            return ended + self.launch(.restartCommand, because: .restartRequested)
        case .remove: return told + beginRemoval(because: .removalRequested(force: true), rule: .command)
        case .shutdown: return told + leaveToNextSupervisor(launch, failure, at: now)
        case .watchdog:
            record.state = record.restState
            let occurrence = Reason.Occurrence.ended(.startFailed(failure))
            let reason = note(Reason(occurrence: occurrence, rule: .endedAsUnhealthy, outcome: .stay))
            return told + [.notify(.exited(code: record.lastCode)), reason] + settle()
        case .stop, .kill, nil: break
        }
        if !launch.origin.isAutomatic {
            record.state = record.restState
            // Who asked for the stop or the KILL waits for an end, and there will be none but this.
            let isAwaited = launch.stop != nil || launch.signals.contains(.kill)
            let ended: [Effect] = isAwaited ? [.notify(.exited(code: record.lastCode))] : []
            // It is told, but is no decision that stands: what was decided when the last run ended does.
            let reason = Reason(occurrence: .ended(.startFailed(failure)), rule: .command, outcome: .stay)
            return told + ended + [.record(reason)] + settle()
        }
        let decision = decide(
            policy: settings.policy, backoff: settings.backoff, ended: .startFailed(failure), history: record.history,
            owner: record.owner)
        let followed = follow(decision, at: now)
        switch decision.action {
        case .restart: return told + followed
        // A `wait` that began during the backoff ends here, although no run did.
        case .stay, .giveUp: return told + [.notify(.exited(code: record.lastCode))] + followed
        }
    }

    /// A start that failed while the supervisor goes down: one that was owed is kept in the record as owed.
    private mutating func leaveToNextSupervisor(
        _ launch: Launch, _ failure: StartFailure, at now: Moment
    ) -> [Effect] {
        let reason = note(
            Reason(occurrence: .ended(.startFailed(failure)), rule: .supervisorStopping, outcome: .stay))
        if launch.origin.isAutomatic, record.history.userStop == nil {
            record.state = .backingOff(Backoff(delay: .zero, due: now.monotonic))
            return [reason, .releaseResources]
        }
        record.state = record.restState
        return [reason] + settle()
    }
}
