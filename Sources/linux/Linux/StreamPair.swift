internal import Glibc

/// Two ends of a stream between threads or processes, closed with their owner. A socket pair and not a pipe, as it is made
/// close-on-exec in one step: a program that another thread spawns meanwhile does not hold it open.
public struct StreamPair: ~Copyable, Sendable {
    /// The end that is read.
    public private(set) var reader: Int32
    /// The end that is written; −1 when it was closed.
    public private(set) var writer: Int32

    /// A new stream.
    public init() throws(LinuxError) {
        var ends: [Int32] = [-1, -1]
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else {
            throw LinuxError(call: "socketpair", object: "stream", code: errno)
        }
        (reader, writer) = (ends[0], ends[1])
    }

    deinit {
        if writer >= 0 { close(writer) }
        close(reader)
    }

    /// Lets the writing end go: the reader meets the end of the stream.
    public mutating func closeWriter() {
        if writer >= 0 { close(writer) }
        writer = -1
    }

    /// Gives both ends up without closing them; the caller owns the numbers.
    public consuming func release() -> (reader: Int32, writer: Int32) {
        let ends = (reader, writer)
        discard self
        return ends
    }
}
