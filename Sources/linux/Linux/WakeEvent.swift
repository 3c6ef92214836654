internal import CLinux

/// An eventfd(2) by which one thread wakes another from its poll.
public final class WakeEvent: Sendable {
    /// The descriptor to watch for reading.
    public let descriptor: Int32

    /// A fresh event, not signalled.
    public init() throws(LinuxError) {
        descriptor = clinux_eventfd()
        guard descriptor >= 0 else { throw LinuxError(call: "make", object: "an event", code: -descriptor) }
    }

    deinit { _ = clinux_close(descriptor) }

    /// Makes the descriptor readable.
    public func signal() {
        var one: UInt64 = 1
        _ = clinux_write(descriptor, &one, 8)
    }

    /// Makes it unreadable again.
    public func clear() {
        var count: UInt64 = 0
        _ = clinux_read(descriptor, &count, 8)
    }
}
