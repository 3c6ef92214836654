import Model
import Restart

extension ContainerLifecycle {
    mutating func exited(
        _ status: ExitStatus, outOfMemory: Bool, _ memory: MemoryAccount? = nil, at now: Moment
    ) -> [Effect] {
        switch record.state {
        case .running:
            return ended(status, outOfMemory, memory, stopping: nil, at: now)
        case .paused:
            return [.thaw] + ended(status, outOfMemory, memory, stopping: nil, at: now)
        case .stopping(let stopping):
            return [.cancelTimer(.stop)] + ended(status, outOfMemory, memory, stopping: stopping, at: now)
        case .starting(let launch):
            // The keeper's report of the start was lost with an engine: the run was too short to be seen.
            let begun = began(launch, at: now)
            return begun + exited(status, outOfMemory: outOfMemory, memory, at: now)
        // dockerd, too, was once told of an end twice (moby issue 46212).
        case .created, .backingOff, .exited, .removing, .dead: return []
        }
    }

    mutating func ranOutOfMemory() -> [Effect] {
        switch record.state {
        case .starting, .running, .paused, .stopping:
            record.outOfMemory = true
            record.outOfMemoryTold = true
            return [.emit(.oom)]
        case .created, .backingOff, .exited, .removing, .dead: return []
        }
    }

    private mutating func ended(
        _ status: ExitStatus, _ outOfMemory: Bool, _ memory: MemoryAccount?, stopping: Stopping?, at now: Moment
    ) -> [Effect] {
        let ranFor = max(.zero, record.history.lastStart.map { now.monotonic.since($0) } ?? .zero)
        let end = RunEnd.exited(status: status, ranFor: ranFor, outOfMemory: outOfMemory, memory: memory)
        record.lastExit = status
        record.finishedAt = now.wall
        var tell: [Effect] = []
        if outOfMemory {
            record.outOfMemory = true
            if !record.outOfMemoryTold { tell.append(.emit(.oom)) }
        }
        tell.append(.emit(.die(exitCode: status.code, execDuration: ranFor.wholeSeconds)))
        tell.append(.notify(.exited(code: status.code)))

        switch stopping?.purpose {
        case .restart:
            return tell + [.emit(.stop)] + launch(.restartCommand, because: .restartRequested)
        case .remove:
            return tell + beginRemoval(because: .removalRequested(force: true), rule: .command)
        case .shutdown, .watchdog:
            record.state = .exited
            let rule: Reason.Rule = stopping?.purpose == .watchdog ? .endedAsUnhealthy : .supervisorStopping
            let reason = note(Reason(occurrence: .ended(end), rule: rule, outcome: .stay))
            return tell + [.emit(.stop), reason] + settle()
        case .stop: tell.append(.emit(.stop))
        case .kill, nil: break
        }
        let decision = decide(
            policy: settings.policy, backoff: settings.backoff, ended: end, history: record.history, owner: record.owner
        )
        return tell + follow(decision, at: now)
    }

    /// Does what was decided about a container that has no process.
    mutating func follow(_ decision: Decision, at now: Moment) -> [Effect] {
        record.history = decision.history
        let reason = note(decision.reason)
        switch decision.action {
        case .restart(let delay, _):
            record.state = .backingOff(Backoff(delay: delay, due: now.monotonic.advanced(by: delay)))
            return [reason, .armTimer(.backoff, after: delay)]
        case .stay, .giveUp:
            record.state = record.restState
            return [reason] + settle()
        }
    }

    /// A container has come to rest in `created` or `exited`: it gives back what a run holds, and goes if it was
    /// created to go.
    mutating func settle() -> [Effect] {
        guard settings.autoRemove else { return [.releaseResources] }
        return beginRemoval(because: nil, rule: .autoRemove)
    }
}
