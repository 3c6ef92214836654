internal import Glibc

/// The descriptors of one poll(2) call.
public struct PollSet {
    /// What a descriptor is waited for.
    public struct Events: OptionSet, Sendable {
        /// The bits of POLL*.
        public let rawValue: Int16

        /// By bits of POLL*.
        public init(rawValue: Int16) { self.rawValue = rawValue }

        /// POLLIN: bytes or an end can be read.
        public static let read = Events(rawValue: Int16(POLLIN))
        /// POLLOUT: bytes can be written.
        public static let write = Events(rawValue: Int16(POLLOUT))
    }

    private var entries: [pollfd] = []

    /// No descriptor yet.
    public init() {}

    /// Adds a descriptor with its events and returns its place. The place of -1 is never ready.
    @discardableResult
    public mutating func add(_ descriptor: Int32, _ events: Events) -> Int {
        entries.append(pollfd(fd: descriptor, events: events.rawValue, revents: 0))
        return entries.count - 1
    }

    /// Waits until a place is ready or the time is over; -1 waits for ever. A signal does not end the wait, and begins it anew.
    /// False when the time was over, or poll(2) failed.
    @discardableResult
    public mutating func wait(milliseconds: Int32) -> Bool {
        while true {
            let count = poll(&entries, nfds_t(entries.count), milliseconds)
            if count >= 0 || errno != EINTR { return count > 0 }
        }
    }

    /// Waits for one descriptor.
    @discardableResult
    public static func wait(for descriptor: Int32, _ events: Events, milliseconds: Int32) -> Bool {
        var entry = pollfd(fd: descriptor, events: events.rawValue, revents: 0)
        while true {
            let count = poll(&entry, 1, milliseconds)
            if count >= 0 || errno != EINTR { return count > 0 }
        }
    }

    /// Whether any place is ready.
    public var isAnyReady: Bool { entries.contains { $0.revents != 0 } }

    /// Whether a place is ready or has failed; the next read reports a failure.
    public func isReady(_ place: Int) -> Bool { entries[place].revents != 0 }
}
