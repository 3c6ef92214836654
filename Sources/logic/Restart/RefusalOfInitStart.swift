public import Model

/// Why an init system may not start a container now; `nil` when it may.
///
/// A user who asks the init system for a start is obeyed. An automatic restart neither undoes a user's stop nor goes
/// beyond the bound of `on-failure`. A boot is a supervisor's start, but that a unit which is enabled says more than
/// `no`, or than a run that ended well: those are started.
public func refusalOfInitStart(_ start: InitStart, policy: RestartPolicy, history: RestartHistory) -> Reason.Rule? {
    switch (start, policy) {
    case (.user, _), (.boot, .always), (.boot, .no): return nil
    case (.restart, _), (.boot, .unlessStopped), (.boot, .onFailure): break
    }
    if let stop = history.userStop { return .stoppedByUser(stop) }
    if case .onFailure(let maximum?) = policy, history.count >= maximum {
        return .retriesExhausted(maximum: maximum)
    }
    return nil
}
