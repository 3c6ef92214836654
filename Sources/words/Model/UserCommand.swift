/// A command that changed a container's state or what it is, and who gave it.
public struct UserCommand: Hashable, Sendable {
    /// The command, as the command line spells it.
    public enum Verb: String, Hashable, Sendable, CaseIterable {
        case create, start, stop, restart, kill, pause, unpause, rename, update
        case remove = "rm"
    }

    /// The command.
    public var verb: Verb
    /// What it was told beside the container: a signal, a new name. Empty when there is nothing to tell.
    public var details: String
    /// Who gave it; `nil` when that could not be had.
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
