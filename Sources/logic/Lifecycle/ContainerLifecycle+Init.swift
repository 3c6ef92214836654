public import Model
import Restart

extension ContainerLifecycle {
    /// Why a start of this kind by an init system would be refused now; `nil` when it would not.
    public func refusal(ofInitStart start: InitStart) -> Reason? {
        guard let rule = refusalOfInitStart(start, policy: settings.policy, history: record.history) else { return nil }
        let occurrence = record.owner.map { Reason.Occurrence.initAsked(start, $0) } ?? .startRequested
        return Reason(occurrence: occurrence, rule: rule, outcome: .stay)
    }

    mutating func startRequested(byInit start: InitStart) -> [Effect] {
        switch record.state {
        case .created, .exited: break
        case .starting, .running, .paused, .stopping, .backingOff, .removing, .dead: return startRequested()
        }
        switch refusal(ofInitStart: start)?.rule {
        case .stoppedByUser: return [.reject(.initStartStopped)]
        case .retriesExhausted: return [.reject(.initStartExhausted)]
        case .command, .policyNo, .policyAlways, .policyUnlessStopped, .policyOnFailure, .endedWell, .neverStarted,
            .restartPending, .supervisorReplaced, .foundRunning, .supervisorStopping, .endedAsUnhealthy, .autoRemove,
            .leftToInit, nil:
            break
        }
        guard let owner = record.owner else { return startRequested() }
        let occurrence = Reason.Occurrence.initAsked(start, owner)
        switch start {
        case .user: return launch(.user, because: occurrence)
        case .boot: return launch(.user, because: occurrence, rule: .leftToInit(owner))
        case .restart:
            record.history.count = record.history.count.saturatingAdding(1)
            record.outOfMemory = false
            record.state = .starting(Launch(origin: .user))
            let outcome = Reason.Outcome.restartByInit(count: record.history.count)
            let reason = note(Reason(occurrence: occurrence, rule: .leftToInit(owner), outcome: outcome))
            return [reason, .launch(.user)]
        }
    }

    /// A restart that the engine owed is called off when an init system takes over, so that never both make it.
    mutating func handedOver(to unit: InitUnit?) -> [Effect] {
        switch record.state {
        case .removing, .dead: return [.reject(.updateRemoving)]
        case .created, .starting, .running, .paused, .stopping, .backingOff, .exited: break
        }
        if unit != nil, settings.autoRemove { return [.reject(.updateAutoRemove)] }
        guard record.owner != unit else { return [] }
        record.owner = unit
        let occurrence = Reason.Occurrence.handedOver(to: unit)
        guard let unit, record.state.kind == .backingOff else {
            return [note(Reason(occurrence: occurrence, rule: .command, outcome: .unchanged))]
        }
        record.state = record.restState
        let reason = note(Reason(occurrence: occurrence, rule: .leftToInit(unit), outcome: .stay))
        return [.cancelTimer(.backoff), .notify(.exited(code: record.lastCode)), reason] + settle()
    }
}
