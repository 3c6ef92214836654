internal import CLinux

/// An epoll instance: tells which of many descriptors are ready. Tokens are the caller's own.
public struct Epoll: ~Copyable {
    /// What a descriptor is watched for.
    public struct Interest: OptionSet, Sendable {
        /// One bit per capability number.
        public let rawValue: UInt32

        /// As the name says.
        public init(rawValue: UInt32) { self.rawValue = rawValue }

        /// Bytes or an end can be read.
        public static let read = Interest(rawValue: UInt32(CLINUX_EPOLL_IN))
        /// Bytes can be written.
        public static let write = Interest(rawValue: UInt32(CLINUX_EPOLL_OUT))
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
    private var buffer: [clinux_event]

    /// An empty instance that reports at most 64 descriptors a call.
    public init() throws(LinuxError) {
        let raw = clinux_epoll_create()
        guard raw >= 0 else { throw LinuxError(call: "make", object: "a set of watched files", code: -raw) }
        descriptor = OwnedDescriptor(adopting: raw)
        buffer = Array(repeating: clinux_event(), count: 64)
    }

    /// Watches a descriptor.
    public func add(_ watched: Int32, token: UInt64, _ interest: Interest) throws(LinuxError) {
        let result = clinux_epoll_add(descriptor.rawValue, watched, interest.rawValue, token)
        guard result == 0 else {
            throw LinuxError(call: "watch", object: "an open file", code: -result)
        }
    }

    /// Changes what a descriptor is watched for; an empty interest still reports its end.
    public func modify(_ watched: Int32, token: UInt64, _ interest: Interest) throws(LinuxError) {
        let result = clinux_epoll_change(descriptor.rawValue, watched, interest.rawValue, token)
        guard result == 0 else {
            throw LinuxError(call: "watch", object: "an open file", code: -result)
        }
    }

    /// Watches a descriptor no more. One that was not watched is no error.
    public func remove(_ watched: Int32) { _ = clinux_epoll_remove(descriptor.rawValue, watched) }

    /// Waits until something is ready; `nil` waits for ever. An interrupted wait gives nothing.
    public mutating func wait(milliseconds: Int32?) -> [Ready] {
        let count = clinux_epoll_wait(descriptor.rawValue, &buffer, Int32(buffer.count), milliseconds ?? -1)
        guard count > 0 else { return [] }
        return buffer[..<Int(count)].map { event in
            Ready(
                token: event.token,
                readable: event.events & UInt32(CLINUX_EPOLL_IN) != 0,
                writable: event.events & UInt32(CLINUX_EPOLL_OUT) != 0,
                hungUp: event.events & UInt32(CLINUX_EPOLL_HANGUP | CLINUX_EPOLL_ERROR) != 0)
        }
    }
}
