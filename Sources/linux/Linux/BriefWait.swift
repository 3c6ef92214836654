internal import CLinux
public import Model

/// A wait of less than a millisecond, which epoll_wait(2) does not know.
public enum BriefWait {
    /// Waits until one of two descriptors is readable, but not longer than this.
    public static func until(_ first: Int32, or second: Int32, atMost span: Nanoseconds) {
        clinux_wait_either(first, second, Int(span.count))
    }
}
