public import Model

/// Where the pump puts what a container prints. It is meant for one thread and never waits.
public protocol LogSink: AnyObject {
    /// What became of every byte so far.
    var accounting: LogAccounting { get }
    /// What an earlier sink was killed over, until it is logged.
    var interrupted: InterruptedPiece? { get }
    /// Whether it holds what the log does not take now: no more should be read for it until that is gone. Never so for files.
    var isBlocked: Bool { get }

    /// Says that a piece of a stream's output is about to be moved to where it outlives this sink. Pieces that are not
    /// announced may be lost with it.
    func announce(_ stream: OutputStream, at time: WallTime, alreadyTaken: Int)
    /// Takes what the container has written to a stream.
    func append(_ stream: OutputStream, _ bytes: UnsafeRawBufferPointer, at time: WallTime)
    /// Writes out lines that have no end, when a run of the container has ended.
    func flush(at time: WallTime)
    /// Tries again with what it holds.
    func resume()
    /// Drops and counts what it holds; until the log takes something again, what it does not take is dropped at once.
    func giveUp()
}

extension LogSink {
    /// Says that a whole piece is about to be moved.
    public func announce(_ stream: OutputStream, at time: WallTime) { announce(stream, at: time, alreadyTaken: 0) }

    /// Takes what the container has written to a stream.
    public func append(_ stream: OutputStream, _ bytes: [UInt8], at time: WallTime) {
        bytes.withUnsafeBytes { append(stream, $0, at: time) }
    }
}

extension LogWriter: LogSink {
    /// Files take what they can, and the rest is dropped.
    public var isBlocked: Bool { false }
    /// There is nothing held.
    public func resume() {}
    /// There is nothing held.
    public func giveUp() {}
}
