internal import Glibc

/// An epoll instance: tells which of many descriptors are ready. Tokens are the caller's own.
public struct Epoll: ~Copyable {
    /// What a descriptor is watched for.
    public struct Interest: OptionSet, Sendable {
        public let rawValue: UInt32

        public init(rawValue: UInt32) { self.rawValue = rawValue }

        /// Bytes or an end can be read.
        public static let read = Interest(rawValue: EPOLLIN.rawValue)
        /// Bytes can be written.
        public static let write = Interest(rawValue: EPOLLOUT.rawValue)
    }

    /// One ready descriptor.
    public struct Ready: Sendable {
        /// What it was added with.
        public let token: UInt64
        /// Whether there is something to read.
        public let readable: Bool
        /// Whether there is room to write.
        public let writable: Bool
        /// Whether the other end is gone, or the descriptor failed.
        public let hungUp: Bool
    }

    private let descriptor: OwnedDescriptor
    private var buffer: [epoll_event]

    /// An empty instance that reports at most `capacity` descriptors a call.
    public init(capacity: Int = 64) throws(LinuxError) {
        let raw = epoll_create1(Int32(EPOLL_CLOEXEC.rawValue))
        guard raw >= 0 else { throw LinuxError(call: "epoll_create1", object: "", code: errno) }
        descriptor = OwnedDescriptor(adopting: raw)
        buffer = Array(repeating: epoll_event(), count: capacity)
    }

    /// Watches a descriptor.
    public func add(_ watched: Int32, token: UInt64, _ interest: Interest) throws(LinuxError) {
        try control(EPOLL_CTL_ADD, watched, token, interest)
    }

    /// Changes what a descriptor is watched for; an empty interest still reports its end.
    public func modify(_ watched: Int32, token: UInt64, _ interest: Interest) throws(LinuxError) {
        try control(EPOLL_CTL_MOD, watched, token, interest)
    }

    /// Watches a descriptor no more. One that was not watched is no error.
    public func remove(_ watched: Int32) {
        _ = epoll_ctl(descriptor.rawValue, EPOLL_CTL_DEL, watched, nil)
    }

    /// Waits until something is ready; `nil` waits for ever. An interrupted wait gives nothing.
    public mutating func wait(milliseconds: Int32?) -> [Ready] {
        let count = epoll_wait(descriptor.rawValue, &buffer, Int32(buffer.count), milliseconds ?? -1)
        guard count > 0 else { return [] }
        return buffer[..<Int(count)].map { event in
            Ready(
                token: event.data.u64,
                readable: event.events & EPOLLIN.rawValue != 0,
                writable: event.events & EPOLLOUT.rawValue != 0,
                hungUp: event.events & (EPOLLHUP.rawValue | EPOLLERR.rawValue) != 0)
        }
    }

    private func control(_ operation: Int32, _ watched: Int32, _ token: UInt64, _ interest: Interest) throws(LinuxError) {
        var event = epoll_event()
        event.events = interest.rawValue
        event.data.u64 = token
        guard epoll_ctl(descriptor.rawValue, operation, watched, &event) == 0 else {
            throw LinuxError(call: "epoll_ctl", object: "descriptor \(watched)", code: errno)
        }
    }
}
