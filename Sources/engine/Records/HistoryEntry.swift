package import Model

/// An entry of a container's history: a decision, a user's command, or a command with its decision. Old entries have a decision
/// alone.
package struct HistoryEntry: Codable, Hashable, Sendable {
    package var time: WallTime
    package var monotonic: MonotonicInstant
    package var reason: Reason?
    package var command: UserCommand?

    package init(time: WallTime, monotonic: MonotonicInstant, reason: Reason? = nil, command: UserCommand? = nil) {
        (self.time, self.monotonic, self.reason, self.command) = (time, monotonic, reason, command)
    }
}

extension HistoryEntry: Stored {
    package init(stored decoder: any Decoder) throws {
        let keys = try decoder.keys()
        self.init(
            time: try keys.read("time"), monotonic: try keys.read("monotonic"),
            reason: try keys.readIfPresent("reason"), command: try keys.readIfPresent("command"))
    }

    package func store(in encoder: any Encoder) throws {
        var keys = encoder.keys()
        try keys.put("time", time)
        try keys.put("monotonic", monotonic)
        try keys.putIfPresent("reason", reason)
        try keys.putIfPresent("command", command)
    }
}
