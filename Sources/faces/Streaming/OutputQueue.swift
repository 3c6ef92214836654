import Linux

/// Bytes for standard output or error. They are written only where that does not block, so that signals are still
/// forwarded while the reader is slow.
struct OutputQueue {
    let output: Output
    private var bytes: [UInt8] = []
    private var written = 0

    /// Queued bytes above which no more is read from the engine.
    static let limit = 256 * 1024
    /// The bytes for which POLLOUT promises room in a pipe (PIPE_BUF of pipe(7)).
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

    /// Writes as much as does not block. Call after poll(2) reported room.
    mutating func flush() {
        while !isEmpty {
            let chunk = bytes[written..<min(written + OutputQueue.safe, bytes.count)]
            do throws(LinuxError) {
                written += try output.descriptor.write(chunk)
            } catch {
                if error.code == Errno.wouldBlock { return }
                // What cannot be written is lost; the container's exit code must be reported all the same.
                output.lost(error.code)
                written = bytes.count
            }
            if !isEmpty, !PollSet.wait(for: output.rawValue, .write, milliseconds: 0) { return }
        }
    }
}
