internal import Glibc

/// An eventfd(2) by which one thread wakes another from its poll.
public final class WakeEvent: Sendable {
    /// The descriptor to watch for reading.
    public let descriptor: Int32

    /// A fresh event, not signalled.
    public init() throws(LinuxError) {
        descriptor = eventfd(0, Int32(EFD_CLOEXEC.rawValue | EFD_NONBLOCK.rawValue))
        guard descriptor >= 0 else { throw LinuxError(call: "eventfd", object: "", code: errno) }
    }

    deinit { _ = close(descriptor) }

    /// Makes the descriptor readable.
    public func signal() {
        var one: UInt64 = 1
        _ = write(descriptor, &one, 8)
    }

    /// Makes it unreadable again.
    public func clear() {
        var count: UInt64 = 0
        _ = read(descriptor, &count, 8)
    }
}
