import Glibc

/// Bytes on their way to standard output or error, written only where writing does not block, so that signals go on
/// being forwarded while the reader is slow.
struct OutputQueue {
    let output: Output
    private var bytes: [UInt8] = []
    private var written = 0

    /// Above this many bytes nothing more is read from the engine.
    static let limit = 256 * 1024
    /// POLLOUT promises room for this many bytes in a pipe (PIPE_BUF of pipe(7)).
    private static let safe = 4096

    init(_ output: Output) { self.output = output }

    var isEmpty: Bool { written == bytes.count }
    var isFull: Bool { bytes.count - written >= OutputQueue.limit }

    mutating func append(_ more: [UInt8]) {
        if isEmpty {
            bytes = more
            written = 0
        } else {
            bytes += more
        }
    }

    /// Writes what can be written after poll(2) has said that something can.
    mutating func flush() {
        while !isEmpty {
            let chunk = bytes[written..<min(written + OutputQueue.safe, bytes.count)]
            let count = chunk.withUnsafeBytes { Glibc.write(output.rawValue, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            if count < 0, errno == EAGAIN { return }
            // A reader that is gone takes nothing, and the container's exit code is still owed.
            written = count < 0 ? bytes.count : written + count
            var entry = pollfd(fd: output.rawValue, events: Int16(POLLOUT), revents: 0)
            if !isEmpty, poll(&entry, 1, 0) <= 0 { return }
        }
    }
}
