public import Model

extension ContainerLifecycle {
    /// The state in Docker's words and fields; `pid` is left at zero for the engine to fill in.
    ///
    /// A start under way shows as what was before it, and a stop under way as running, since Docker has no words for
    /// them; while a restart waits, Docker says running and restarting at once.
    public var snapshot: StateSnapshot {
        var shown = StateSnapshot(status: status)
        switch shown.status {
        case .running: shown.running = true
        case .paused:
            shown.running = true
            shown.paused = true
        case .restarting:
            shown.running = true
            shown.restarting = true
        case .created, .removing, .exited, .dead: break
        }
        shown.oomKilled = record.outOfMemory
        shown.exitCode = shown.running && !shown.restarting ? 0 : Int(clamping: record.lastCode)
        shown.error = record.removalFailure ?? record.startFailure?.message ?? ""
        shown.startedAt = record.startedAt
        shown.finishedAt = record.finishedAt
        shown.userStop = record.history.userStop
        return shown
    }

    private var status: StateSnapshot.Status {
        switch record.state {
        case .created: .created
        case .starting(let launch):
            switch launch.origin {
            case .policy: .restarting
            case .user, .restartCommand, .supervisorStart: record.startedAt == nil ? .created : .exited
            }
        case .running, .stopping: .running
        case .paused: .paused
        case .backingOff: .restarting
        case .exited: .exited
        case .removing: .removing
        case .dead: .dead
        }
    }

    /// The code that a `wait` which need not wait is answered with.
    public var lastExitCode: Int32 { record.lastCode }

    /// Something done with a container that does not change its state.
    public enum Access: Hashable, Sendable, CaseIterable {
        /// `exec`.
        case exec
        /// `attach`.
        case attach
        /// `top`.
        case top
        /// The size of its terminal.
        case resize
    }

    /// Why an access is refused now; `nil` when it is granted.
    public func refusal(of access: Access) -> LifecycleRefusal? {
        switch snapshot.status {
        case .running: nil
        case .paused:
            switch access {
            case .exec: .execPaused
            case .attach: .attachPaused
            case .top, .resize: nil
            }
        case .restarting:
            switch access {
            case .exec, .top, .resize: .isRestarting
            case .attach: .attachRestarting
            }
        case .created, .removing, .exited, .dead:
            switch access {
            // A client attaches before it starts.
            case .attach: nil
            case .exec, .top, .resize: .notRunning
            }
        }
    }
}
