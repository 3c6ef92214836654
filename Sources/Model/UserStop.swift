/// A user's wish that a container be down. It holds until the next start, whoever may restart meanwhile.
public struct UserStop: Hashable, Sendable, Codable {
    /// The command that expressed it.
    public enum Verb: String, Hashable, Sendable, Codable, CaseIterable {
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
    /// The user of the client, as the socket's peer credentials tell; `nil` when they could not be had.
    public var uid: UInt32?

    /// A stop from its parts.
    public init(verb: Verb, signal: Signal, time: WallTime, uid: UInt32? = nil) {
        self.verb = verb
        self.signal = signal
        self.time = time
        self.uid = uid
    }
}
