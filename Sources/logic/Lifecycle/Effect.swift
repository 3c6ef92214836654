public import Model

/// What the interpreter must do, in the order given. Doing nothing else keeps every promise of the life cycle.
public enum Effect: Hashable, Sendable {
    /// Make the record (and the settings) durable before any later effect of the same list and before the request is
    /// answered. Always the first effect when there is one. Decisions that follow at once (`record`) are written with it.
    case persist
    /// Make the process; answer with `spawned` or `spawnFailed`.
    case launch(LaunchOrigin)
    /// Send a signal to the container's first process. That there is none any more is no error.
    case signal(Signal)
    /// Send KILL to every process of the control group (or to the first where there is no control group), thawing it
    /// where the kernel needs that.
    case killAll
    /// Freeze the control group; answer with `frozen`.
    case freeze
    /// Thaw the control group; a group that is not frozen is no error.
    case thaw
    /// Send the timer's event after this time, in place of an earlier timer of the kind.
    case armTimer(TimerKind, after: Nanoseconds)
    /// Forget a timer; one that is not armed is no error.
    case cancelTimer(TimerKind)
    /// Put a decision into the container's history.
    case record(Reason)
    /// Tell the listeners of events.
    case emit(Happening)
    /// Tell those who wait.
    case notify(Notice)
    /// Give back what a run holds and a restart would use again: mounts, namespaces, control group, log writer.
    case releaseResources
    /// Delete the container's files; answer with `removed` or `removeFailed`.
    case remove
    /// The container is gone: drop this life cycle and its name.
    case forget
    /// Refuse the request; always the only effect.
    case reject(LifecycleRefusal)
}

/// The two timers that a container may have.
public enum TimerKind: String, Hashable, Sendable, CaseIterable {
    /// Ends with `stopTimerFired`.
    case stop
    /// Ends with `backoffElapsed`.
    case backoff
}

/// What those who wait for a container are told.
public enum Notice: Hashable, Sendable {
    /// To those whose `start` or `restart` is not answered yet: the process runs.
    case started
    /// To the same: it will not run.
    case startFailed(StartFailure)
    /// To those whose `stop` or `kill` met a start and waits: it has come to nothing, and another start follows.
    case startEnded
    /// A run ended with this code: to `wait` of `next-exit` and of `not-running`, also when a restart follows
    /// (moby issue 39352), and to those whose `stop` or `kill` waits for it.
    case exited(code: Int32)
    /// To those whose `pause` is not answered yet.
    case paused
    /// To those whose `stop` or `kill` waits: KILL has not ended it within ``StopSequence/killGrace``.
    case killOverdue
    /// The container is gone: to `wait` of `removed` with its last code, to every other waiter, and to those whose `rm`
    /// is not answered yet.
    case removed(code: Int32)
    /// To those whose `rm` is not answered yet.
    case removeFailed(String)
}

/// An entry of the event stream, with Docker's words.
public enum Happening: Hashable, Sendable {
    /// `start`.
    case start
    /// `die`; the duration is in whole seconds, as Docker writes it.
    case die(exitCode: Int32, execDuration: Int64)
    /// `kill`, for each signal that a command or a stop sends.
    case kill(Signal)
    /// `stop`, after `die`.
    case stop
    /// `restart`, after `start`; only for the command.
    case restart
    /// `pause`.
    case pause
    /// `unpause`.
    case unpause
    /// `oom`, before `die`.
    case oom
    /// `update`.
    case update
    /// `destroy`.
    case destroy

    /// Docker's word for it.
    public var action: String {
        switch self {
        case .start: "start"
        case .die: "die"
        case .kill: "kill"
        case .stop: "stop"
        case .restart: "restart"
        case .pause: "pause"
        case .unpause: "unpause"
        case .oom: "oom"
        case .update: "update"
        case .destroy: "destroy"
        }
    }

    /// What Docker adds to the attributes of the container (image, name, labels).
    public var attributes: TextMap {
        switch self {
        case .die(let exitCode, let execDuration):
            ["exitCode": String(exitCode), "execDuration": String(execDuration)]
        case .kill(let signal): ["signal": String(signal.number)]
        case .start, .stop, .restart, .pause, .unpause, .oom, .update, .destroy: [:]
        }
    }
}
