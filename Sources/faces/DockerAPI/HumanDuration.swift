public import Model

extension Nanoseconds {
    /// How long, in the words of docker/go-units' HumanDuration.
    public var humanDuration: String {
        let seconds = count / 1_000_000_000
        if seconds < 1 { return "Less than a second" }
        if seconds == 1 { return "1 second" }
        if seconds < 60 { return "\(seconds) seconds" }
        let minutes = seconds / 60
        if minutes == 1 { return "About a minute" }
        if minutes < 60 { return "\(minutes) minutes" }
        // bounded: a floating number.
        let hours = Int64(saturating: Double(count) / 3.6e12 + 0.5)
        if hours == 1 { return "About an hour" }
        if hours < 48 { return "\(hours) hours" }
        if hours < 336 { return "\(hours / 24) days" }
        if hours < 1440 { return "\(hours / 24 / 7) weeks" }
        if hours < 17_520 { return "\(hours / 24 / 30) months" }
        return "\(count / 3_600_000_000_000 / 24 / 365) years"
    }
}

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
