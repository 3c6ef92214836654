internal import DequeModule
internal import Linux
internal import Model
internal import NIOCore

/// The streams of one run, as the pump holds them.
struct Feed {
    /// The descriptors that the engine hands over: its own ends of the run's pipes, or the terminal.
    struct Setup: Sendable {
        var feed: RunID
        /// The container whose log takes the output; `nil` for an exec, whose output is only for its client.
        var log: ContainerID?
        var stdout: SharedDescriptor?
        var stderr: SharedDescriptor?
        var stdin: SharedDescriptor?
        /// Descriptor that is readable when the kernel may have killed for lack of memory.
        var memory: SharedDescriptor?
        /// Whether a client listens from the first byte.
        var listening: Bool
    }

    /// Largest number of bytes on their way to attached clients; beyond it the run's output stays in its pipe.
    static let maximumOutstanding = 1 << 20
    /// Bytes counted for one piece of output beside its own, so that many small ones are not free.
    static let pieceCost = 256

    var setup: Setup
    var stdoutOpen: Bool
    var stderrOpen: Bool
    var stdinOpen: Bool
    var listening: Bool
    /// Number of bytes given to the loop that no client has taken yet.
    var outstanding = 0
    /// Number of bytes for a log that could not be opened.
    var unlogged: Int64 = 0
    /// Whether reading is suspended because of `outstanding`.
    var suspended = false
    /// Whether reading is suspended because its log holds output that the journal does not take.
    var isHeldBack = false
    var input: Deque<(bytes: ByteBuffer, taken: EventLoopPromise<Void>?)> = []
    var closeInputWhenWritten = false
    /// Whether the pipe was full at the last write, so that epoll watches it.
    var inputBlocked = false
    /// Whether unfinished lines were given to the log after the last output.
    var isFlushed = false
    /// Deadline for the end of its output; set when the process has ended.
    var deadline: MonotonicInstant?

    init(_ setup: Setup) {
        self.setup = setup
        stdoutOpen = setup.stdout != nil
        stderrOpen = setup.stderr != nil
        stdinOpen = setup.stdin != nil
        listening = setup.listening
    }

    /// Whether no more output can come.
    var outputEnded: Bool { !stdoutOpen && !stderrOpen }
}
