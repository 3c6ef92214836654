/// A user's command that changed a container or its state, and its client.
public struct UserCommand: Hashable, Sendable {
    /// The command, as the command line spells it.
    public enum Verb: String, Hashable, Sendable, CaseIterable {
        case create, start, stop, restart, kill, pause, unpause, rename, update
        case remove = "rm"
    }

    /// The command.
    public var verb: Verb
    /// Details beside the container, such as a signal or a new name; empty when there are none.
    public var details: String
    /// Its client; `nil` when unknown.
    public var client: Client?

    /// A command from its parts.
    public init(_ verb: Verb, _ details: String = "", by client: Client?) {
        self.verb = verb
        self.details = details
        self.client = client
    }
}

extension UserCommand: CustomStringConvertible {
    /// `kill SIGHUP by user root (uid 0), process 1234 docker`.
    public var description: String {
        verb.rawValue + (details.isEmpty ? "" : " \(details)") + (client.map { " by \($0)" } ?? " by a user")
    }
}
