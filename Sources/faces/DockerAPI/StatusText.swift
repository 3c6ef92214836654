public import Model

extension StateSnapshot {
    /// The status column of `ps`: `Up 3 seconds`, `Exited (0) 2 minutes ago`.
    public func statusText(now: WallTime) -> String {
        func since(_ time: WallTime?) -> String {
            now.since(time ?? now).humanDuration
        }
        switch status {
        case .paused: return "Up \(since(startedAt)) (Paused)"
        case .restarting: return "Restarting (\(exitCode)) \(since(finishedAt)) ago"
        case .running: return "Up \(since(startedAt))" + (health.map { " (\($0.statusText))" } ?? "")
        case .removing: return "Removal In Progress"
        case .dead: return "Dead"
        case .created: return "Created"
        case .exited: return finishedAt == nil ? "Created" : "Exited (\(exitCode)) \(since(finishedAt)) ago"
        }
    }
}
