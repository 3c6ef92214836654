extension ContainerLifecycle {
    /// The state stays `running` until the control group really is frozen.
    mutating func pauseRequested() -> [Effect] {
        switch record.state {
        case .running: [.freeze]
        case .paused: [.reject(.alreadyPaused)]
        case .stopping: [.reject(.pauseStopping)]
        case .backingOff: [.reject(.pauseRestarting)]
        case .created, .starting, .exited, .removing, .dead: [.reject(.pauseNotRunning)]
        }
    }

    mutating func frozen() -> [Effect] {
        switch record.state {
        case .running:
            record.state = .paused
            return [.emit(.pause), .notify(.paused)]
        case .paused: return []
        // Something else was asked for, or happened, while it froze.
        case .created, .starting, .stopping, .backingOff, .exited, .removing, .dead: return [.thaw]
        }
    }

    mutating func unpauseRequested() -> [Effect] {
        switch record.state {
        case .paused:
            record.state = .running
            return [.thaw, .emit(.unpause)]
        case .created, .starting, .running, .stopping, .backingOff, .exited, .removing, .dead:
            return [.reject(.notPaused)]
        }
    }
}
