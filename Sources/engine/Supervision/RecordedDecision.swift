public import Model

/// A decision about a container or a user's command, with its time.
public struct RecordedDecision: Sendable, Hashable {
    /// Time by the wall clock.
    public var time: WallTime
    /// Reason of the decision; `nil` for a command that decided nothing by itself.
    public var reason: Reason?
    /// The command with its client; `nil` for a decision without one.
    public var command: UserCommand?

    /// A decision from its parts.
    package init(time: WallTime, reason: Reason?, command: UserCommand?) {
        self.time = time
        self.reason = reason
        self.command = command
    }
}

extension RecordedDecision: CustomStringConvertible {
    /// The decision in one line.
    public var description: String {
        switch (reason, command) {
        case (let reason?, let command?) where command.client == nil: "\(reason)"
        case (let reason?, let command?): "\(command): \(reason)"
        case (let reason?, nil): "\(reason)"
        case (nil, let command?): "\(command)"
        case (nil, nil): "something that this version does not know"
        }
    }
}
