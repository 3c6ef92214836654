#if !hasFeature(Embedded)
    public import Model
#endif

/// Decides about a container whose run, or whose automatic start, has just ended.
///
/// A user's stop comes before every policy. A failed automatic start is treated as a run of no length that failed; a
/// start that a user asked for and that failed is not for this function: the user is told and nothing is retried.
/// With an `owner` the policy decides as ever, and what it would restart is left to that unit.
public func decide(
    policy: RestartPolicy, backoff: BackoffPolicy, ended: RunEnd, history: RestartHistory, owner: InitUnit? = nil
) -> Decision {
    func leave(_ rule: Reason.Rule, givingUp: Bool = false) -> Decision {
        Decision(
            givingUp ? .giveUp : .stay,
            Reason(occurrence: .ended(ended), rule: rule, outcome: givingUp ? .giveUp : .stay), history)
    }

    if let stop = history.userStop { return leave(.stoppedByUser(stop)) }
    let rule: Reason.Rule
    switch policy {
    case .no: return leave(.policyNo)
    case .always: rule = .policyAlways
    case .unlessStopped: rule = .policyUnlessStopped
    case .onFailure(let maximum):
        if !ended.isFailure { return leave(.endedWell) }
        if let maximum, history.count >= maximum { return leave(.retriesExhausted(maximum: maximum), givingUp: true) }
        rule = .policyOnFailure(maximum: maximum)
    }

    if let owner { return leave(.leftToInit(owner)) }
    let ranFor: Nanoseconds? =
        switch ended {
        case .exited(_, let ranFor, _, _): ranFor
        case .startFailed: nil
        }
    let delay = backoff.delay(after: history.delay, ranFor: ranFor)
    var next = history
    next.count = next.count.saturatingAdding(1)
    next.delay = delay.span
    return Decision(
        .restart(after: delay.span, count: next.count),
        Reason(occurrence: .ended(ended), rule: rule, outcome: .restart(count: next.count, delay: delay)), next)
}
