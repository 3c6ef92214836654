internal import Containers
internal import Lifecycle
internal import Model
internal import Records
internal import Runs

// Runs that the keeper knows and the record does not, because the disk did not take it before the engine died. Their consequences
// were carried out by that engine; here only the record is brought up to date.
extension Engine {
    /// Whether the end of a slot's run is in the record, from an engine that died before it reported that to the keeper.
    func isRecorded(_ slot: FoundRun, _ container: Container) -> Bool {
        let state = container.lifecycle.state
        guard case .exited(_, _, let since) = slot.state else {
            if case .failed = slot.state { return !state.mayHaveProcess }
            return false
        }
        guard let last = container.lifecycle.record.history.lastStart else { return false }
        // The record is of a later start, or of this run after its end.
        return since.monotonic < last || since.monotonic == last && !state.hasRun
    }

    /// Takes over a run that ended before another one; true when its container is there.
    func takeUpEarlier(_ slot: FoundRun) -> Bool {
        guard slot.isContainer, let id = ContainerID(slot.key), let container = containers[id] else {
            return false
        }
        switch slot.state {
        case .starting, .running: return false
        case .failed: runs.forget(slot.number)
        case .exited(let status, let at, let since):
            if isRecorded(slot, container) {
                runs.forget(slot.number)
                break
            }
            catchUp(container, with: slot)
            learn(.supervisorStarted(after: .handover, alive: true), container, at: since)
            learn(.exited(status, outOfMemory: false), container, at: at)
            _ = container.outbox.keepEnd(of: slot.number)
            ledger.refused(id, "the supervisor before did not write it")
            scheduleSaving()
        }
        return true
    }

    /// Records an unknown end of the run that the record still names, as the slot's run came after it.
    func catchUp(_ container: Container, with slot: FoundRun) {
        let since: Moment
        switch slot.state {
        case .starting, .failed: return
        case .running(let begun), .exited(_, _, let begun): since = begun
        }
        guard container.lifecycle.state.hasRun, let last = container.lifecycle.record.history.lastStart,
            last < since.monotonic
        else { return }
        learn(.exited(.unknown, outOfMemory: false), container, at: since)
    }

    /// Start time of the run that a new engine finds, if the record does not have it; `nil` is now.
    func began(_ container: Container, _ slots: [FoundRun], _ isAlive: Bool) -> MonotonicInstant? {
        guard isAlive, !container.lifecycle.state.hasRun, let number = container.run?.number,
            let slot = slots.last(where: { $0.number == number })
        else { return nil }
        return switch slot.state {
        case .starting, .failed: nil
        case .running(let since), .exited(_, _, let since): since.monotonic
        }
    }

    /// Records a start that is under way.
    func findStart(_ container: Container, _ slot: FoundRun) {
        guard case .starting = slot.state else { return }
        let now = clock.now
        if container.lifecycle.state.hasRun { learn(.exited(.unknown, outOfMemory: false), container, at: now) }
        switch container.lifecycle.state {
        case .backingOff: learn(.backoffElapsed, container, at: now)
        case .created, .exited: learn(.startRequested, container, at: now)
        case .starting, .running, .paused, .stopping, .removing, .dead: break
        }
    }

    /// Whether the state waits for the result of a start. The result is still to come, or is reported when every container is
    /// known.
    func awaitStart(_ container: Container, _ slots: [FoundRun]) -> Bool {
        guard case .starting(let launch) = container.lifecycle.state,
            let slot = slots.last(where: { $0.number == container.run?.number })
        else { return false }
        switch slot.state {
        case .running, .exited: return false
        case .failed: return true
        case .starting: break
        }
        guard let stop = launch.stop else { return true }
        // If the start hangs, KILL ends it after the first grace.
        guard let first = stop.sequence.steps.first else {
            killAll(container)
            return true
        }
        guard let grace = first.grace else { return true }
        arm(.stop, container, due: (stop.requested ?? clock.monotonic).advanced(by: grace))
        return true
    }

    private func learn(_ event: LifecycleEvent, _ container: Container, at moment: Moment) {
        for case .record(let reason) in container.lifecycle.handle(event, at: moment) {
            container.outbox.remember(
                HistoryEntry(time: moment.wall, monotonic: moment.monotonic, reason: reason))
        }
    }
}

extension ContainerState {
    /// Whether it is the state of a process that executes its program.
    fileprivate var hasRun: Bool {
        switch self {
        case .running, .paused, .stopping: true
        case .created, .starting, .backingOff, .exited, .removing, .dead: false
        }
    }
}
