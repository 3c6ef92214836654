import Model
import Restart

extension ContainerLifecycle {
    mutating func removeRequested(force: Bool, by client: Client?, at now: Moment) -> [Effect] {
        let stop = UserStop(verb: .remove, signal: .kill, time: now.wall, client: client)
        let occurrence = Reason.Occurrence.removalRequested(force: force)
        switch record.state {
        case .created, .exited, .dead: return beginRemoval(because: occurrence, rule: .command)
        case .removing: return [.reject(.removalInProgress)]
        case .running:
            guard force else { return [.reject(.removeRunning)] }
            record.history.userStop = stop
            return beginStop(.remove, .kill, at: now)
        case .paused:
            guard force else { return [.reject(.removePaused)] }
            record.history.userStop = stop
            return beginStop(.remove, .kill, at: now) + [.thaw]
        case .starting(let launch):
            guard force else { return [.reject(.removeRunning)] }
            record.history.userStop = stop
            return postpone(.remove, .kill, during: launch, at: now)
        case .stopping(let stopping):
            guard force else { return [.reject(.removeRunning)] }
            record.history.userStop = stop
            return redirect(stopping, to: .remove, .kill, at: now)
        case .backingOff:
            guard force else { return [.reject(.removeRestarting)] }
            return [.cancelTimer(.backoff)] + beginRemoval(because: occurrence, rule: .command)
        }
    }

    /// Without an occurrence the decision that brought it here has been noted already.
    mutating func beginRemoval(because occurrence: Reason.Occurrence?, rule: Reason.Rule) -> [Effect] {
        record.state = .removing
        record.removalFailure = nil
        let reason = occurrence.map { [note(Reason(occurrence: $0, rule: rule, outcome: .remove))] } ?? []
        return reason + [.releaseResources, .remove]
    }

    mutating func removed() -> [Effect] {
        switch record.state {
        case .removing: [.emit(.destroy), .notify(.removed(code: record.lastCode)), .forget]
        case .created, .starting, .running, .paused, .stopping, .backingOff, .exited, .dead: []
        }
    }

    mutating func removeFailed(_ message: String) -> [Effect] {
        switch record.state {
        case .removing:
            record.state = .dead
            record.removalFailure = message
            return [.notify(.removeFailed(message))]
        case .created, .starting, .running, .paused, .stopping, .backingOff, .exited, .dead: return []
        }
    }

    /// A restart that was already decided still happens once, as with Docker.
    mutating func updateRequested(policy: RestartPolicy?, backoff: BackoffPolicy?) -> [Effect] {
        switch record.state {
        case .created, .starting, .running, .paused, .stopping, .backingOff, .exited:
            if let policy, policy != .no, settings.autoRemove { return [.reject(.updateAutoRemove)] }
            settings.policy = policy ?? settings.policy
            settings.backoff = backoff ?? settings.backoff
            return [.emit(.update)]
        case .removing, .dead: return [.reject(.updateRemoving)]
        }
    }
}
