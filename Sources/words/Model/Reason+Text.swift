extension Reason: CustomStringConvertible {
    /// One line: `exited with code 3 after 1.2 s; policy always restarts however it ended; restart 4 in 800 ms
    /// (grown from 400 ms)`.
    public var description: String {
        if case .ended(.startFailed) = occurrence, rule == .command {
            return "\(occurrence); a start by a command is not repeated; \(outcome)"
        }
        return "\(occurrence); \(rule); \(outcome)"
    }
}

extension RunEnd: CustomStringConvertible {
    /// The end as a part of the sentence.
    public var description: String {
        switch self {
        case .exited(let status, let ranFor, let outOfMemory, let memory):
            switch (outOfMemory, memory) {
            case (true, let memory?): "\(status) (out of memory: \(memory)) after \(ranFor)"
            case (true, nil): "\(status) (out of memory) after \(ranFor)"
            case (false, let memory?): "\(status) (memory: \(memory)) after \(ranFor)"
            case (false, nil): "\(status) after \(ranFor)"
            }
        case .startFailed(let failure): "start failed with code \(failure.exitCode): \(failure.message)"
        }
    }
}

extension ExitStatus: CustomStringConvertible {
    /// `exited with code 3`, `killed by SIGKILL`, `ended with an unknown status`.
    public var description: String {
        switch self {
        case .exited(let code): "exited with code \(code)"
        case .signaled(let signal, let core): "killed by \(signal)" + (core ? " (core dumped)" : "")
        case .unknown: "ended with an unknown status"
        }
    }
}

extension UserStop: CustomStringConvertible {
    /// `stop with SIGTERM`, with its client when that is known.
    public var description: String {
        let command =
            switch verb {
            case .stop: "stop"
            case .kill: "kill"
            case .remove: "rm"
            }
        return "\(command) with \(signal)" + (client.map { " by \($0)" } ?? "")
    }
}

extension InitUnit: CustomStringConvertible {
    /// `systemd's web.service`.
    public var description: String { "\(system.rawValue)'s \(name)" }
}

extension Reason.Occurrence: CustomStringConvertible {
    /// The occurrence as a part of the sentence.
    public var description: String {
        switch self {
        case .ended(let end): end.description
        case .supervisorStarted(let end, let lastExit):
            "supervisor started after \(end.text)" + (lastExit.map { ", last run \($0)" } ?? "")
        case .startRequested: "start was requested"
        case .restartRequested: "restart was requested"
        case .stopRequested(let stop): "\(stop) was requested"
        case .removalRequested(let force): force ? "forced removal was requested" : "removal was requested"
        case .supervisorStopping: "supervisor is shutting down"
        case .initAsked(.user, let unit): "\(unit) was started by a user"
        case .initAsked(.restart, let unit): "\(unit) restarts it"
        case .initAsked(.boot, let unit): "\(unit) starts it as the machine comes up"
        case .handedOver(let unit?): "restarts were handed to \(unit)"
        case .handedOver(nil): "restarts were taken back from the init system"
        }
    }
}

extension SupervisorEnd {
    /// The end in words that follow `after`.
    var text: String {
        switch self {
        case .handover: "its engine was replaced"
        case .graceful: "an ordered shutdown"
        case .crash: "a crash"
        case .reboot: "a reboot"
        }
    }
}

extension Reason.Rule: CustomStringConvertible {
    /// The rule as a part of the sentence.
    public var description: String {
        switch self {
        case .command: "as the user asked"
        case .policyNo: "policy no never restarts"
        case .policyAlways: "policy always restarts however it ended"
        case .policyUnlessStopped: "policy unless-stopped restarts as no user has stopped it"
        case .policyOnFailure(nil): "policy on-failure restarts what failed"
        case .policyOnFailure(let maximum?):
            "policy on-failure:\(maximum) restarts what failed, at most \(maximum) times"
        case .endedWell: "policy on-failure leaves alone what exited with code 0"
        case .retriesExhausted(let maximum): "policy on-failure:\(maximum) has used up its restarts"
        case .stoppedByUser(let stop): "a user's \(stop) holds until the next start"
        case .neverStarted: "a container that was never started is left so"
        case .restartPending: "its restart had already been decided"
        case .supervisorReplaced: "nothing is decided anew when only the engine is replaced"
        case .foundRunning(let lost):
            "its process was found running and is kept"
                + (lost.isEmpty ? "" : ", but for " + lost.joined(separator: " and "))
        case .supervisorStopping: "the next supervisor decides"
        case .endedAsUnhealthy: "its unit's watchdog ended it as unhealthy, and its unit decides"
        case .autoRemove: "it was created to be removed when it ends"
        case .leftToInit(let unit): "\(unit) decides about restarts"
        }
    }
}

extension Reason.Outcome: CustomStringConvertible {
    /// The outcome as a part of the sentence.
    public var description: String {
        switch self {
        case .restart(let count, let delay): "restart \(count) in \(delay)"
        case .start: "start at once"
        case .stay: "no start"
        case .giveUp: "gave up"
        case .remove: "remove"
        case .restartByInit(let count): "restart \(count) at once"
        case .unchanged: "it goes on as it is"
        }
    }
}

extension Reason.Delay: CustomStringConvertible {
    /// The delay as a part of the sentence.
    public var description: String {
        switch basis {
        case .first: "\(span) (first delay)"
        case .grown(let previous): "\(span) (grown from \(previous))"
        case .capped: "\(span) (the longest delay)"
        case .reset(let threshold): "\(span) (first delay again, as it ran for at least \(threshold))"
        }
    }
}
