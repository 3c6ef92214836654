/// A user's wish that a container be down. It holds until the next start, whoever may restart meanwhile.
public struct UserStop: Hashable, Sendable {
    /// The command that expressed it.
    public enum Verb: String, Hashable, Sendable, CaseIterable {
        /// `stop`.
        case stop
        /// `kill` with a signal that means stop.
        case kill
        /// `rm -f`.
        case remove
    }

    /// The command.
    public var verb: Verb
    /// The first signal that it sent.
    public var signal: Signal
    /// When it was asked.
    public var time: WallTime
    /// Who asked; `nil` when that could not be had, and in old records.
    public var client: Client?

    /// A stop from its parts.
    public init(verb: Verb, signal: Signal, time: WallTime, client: Client? = nil) {
        self.verb = verb
        self.signal = signal
        self.time = time
        self.client = client
    }
}
