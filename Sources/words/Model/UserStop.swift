/// A user's stop of a container. It holds until the user's next start, over restarts by others.
public struct UserStop: Hashable, Sendable {
    /// Commands that stop a container.
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
    /// Time of the request.
    public var time: WallTime
    /// Client of the request; `nil` when unknown, and in old records.
    public var client: Client?

    /// A stop from its parts.
    public init(verb: Verb, signal: Signal, time: WallTime, client: Client? = nil) {
        self.verb = verb
        self.signal = signal
        self.time = time
        self.client = client
    }
}
