public import Model

/// What a supervisor that comes up finds recorded about a container that has no process.
public struct DownRecord: Hashable, Sendable {
    /// Whether it ever ran.
    public var startedBefore: Bool
    /// How its last run ended; `.unknown` when it was running and nobody saw its end.
    public var lastExit: ExitStatus?
    /// Whether an automatic restart had been decided and not yet been carried out.
    public var restartPending: Bool

    /// A record from its parts.
    public init(startedBefore: Bool, lastExit: ExitStatus?, restartPending: Bool = false) {
        self.startedBefore = startedBefore
        self.lastExit = lastExit
        self.restartPending = restartPending
    }
}

/// Decides about a container that is down when a supervisor comes up.
///
/// A start decided here is made at once and begins a new history, as Docker's does; under `always` that lifts a user's
/// stop. After a handover nothing is
/// decided: the containers and their exits were kept, so that a stopped container stays stopped under every policy.
/// With an `owner` nothing is started: that unit does it.
public func decideAtSupervisorStart(
    policy: RestartPolicy, found record: DownRecord, after end: SupervisorEnd, history: RestartHistory,
    owner: InitUnit? = nil
) -> Decision {
    let occurrence = Reason.Occurrence.supervisorStarted(after: end, lastExit: record.lastExit)
    func leave(_ rule: Reason.Rule, givingUp: Bool = false) -> Decision {
        Decision(
            givingUp ? .giveUp : .stay,
            Reason(occurrence: occurrence, rule: rule, outcome: givingUp ? .giveUp : .stay), history)
    }
    func start(_ rule: Reason.Rule) -> Decision {
        Decision(
            .restart(after: .zero, count: 0), Reason(occurrence: occurrence, rule: rule, outcome: .start),
            RestartHistory(lastStart: history.lastStart))
    }

    switch end {
    case .handover: return leave(.supervisorReplaced)
    case .graceful, .crash, .reboot: break
    }
    if let owner { return leave(.leftToInit(owner)) }
    guard record.startedBefore else { return leave(.neverStarted) }
    switch policy {
    case .no: return leave(.policyNo)
    case .always: return start(.policyAlways)
    case .unlessStopped:
        if let stop = history.userStop { return leave(.stoppedByUser(stop)) }
        return start(.policyUnlessStopped)
    case .onFailure(let maximum):
        if let stop = history.userStop { return leave(.stoppedByUser(stop)) }
        if record.restartPending { return start(.restartPending) }
        if record.lastExit?.isSuccess ?? false { return leave(.endedWell) }
        if let maximum, history.count >= maximum { return leave(.retriesExhausted(maximum: maximum), givingUp: true) }
        return start(.policyOnFailure(maximum: maximum))
    }
}
