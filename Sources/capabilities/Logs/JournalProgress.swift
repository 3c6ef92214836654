internal import Linux
internal import Synchronization

/// How far the writer of one container's journal entries has come, for readers: journald writes later than it is told.
public final class JournalProgress: Sendable {
    /// A place in the row of a container's entries: the writer that counted (CONTAINER_LOG_EPOCH), and its count
    /// (CONTAINER_LOG_ORDINAL).
    public struct Place: Hashable, Sendable {
        /// Which writer counted; later ones have higher numbers.
        public let epoch: UInt64
        /// Its count, from 1.
        public let ordinal: UInt64
    }

    private struct State {
        var last: Place?
        var way: SharedDescriptor?
    }

    private let state = Mutex(State())

    /// Nothing was sent yet.
    public init() {}

    /// The last entry that was sent to journald.
    public var sent: Place? { state.withLock { $0.last } }

    /// Whether journald has yet to take entries, this container's or others', off the way that the last one went.
    public var isOnTheWay: Bool { state.withLock { $0.way }?.holdsUntaken ?? false }

    func advance(to place: Place, over way: SharedDescriptor?) {
        state.withLock {
            $0.last = place
            $0.way = way
        }
    }
}
