import Glibc

/// The descriptors of one poll(2) call.
struct PollSet {
    private var entries: [pollfd] = []

    /// Adds a descriptor with its events and returns its place. The place of -1 is never ready.
    mutating func add(_ descriptor: Int32, _ events: Int32) -> Int {
        entries.append(pollfd(fd: descriptor, events: Int16(events), revents: 0))
        return entries.count - 1
    }

    /// Waits until a place is ready or the time is over; -1 waits for ever.
    mutating func wait(milliseconds: Int32) {
        while poll(&entries, nfds_t(entries.count), milliseconds) < 0, errno == EINTR {}
    }

    /// Whether any place is ready.
    var isAnyReady: Bool { entries.contains { $0.revents != 0 } }

    /// Whether a place is ready or has failed; the next read reports a failure.
    func isReady(_ place: Int) -> Bool { entries[place].revents != 0 }
}
