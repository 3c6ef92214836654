internal import DequeModule
internal import Linux
internal import Model
internal import NIOCore

/// One run's streams as the pump holds them.
struct Feed {
    /// What the engine hands over: its own ends of the run's pipes, or the terminal.
    struct Setup: Sendable {
        var feed: UInt64
        /// Whose log takes the output; `nil` for an exec, whose output is only for its client.
        var log: ContainerID?
        var stdout: SharedDescriptor?
        var stderr: SharedDescriptor?
        var stdin: SharedDescriptor?
        /// Readable when the kernel may have killed for lack of memory.
        var memory: SharedDescriptor?
        /// Whether a client listens from the first byte.
        var listening: Bool
    }

    /// How many bytes may be on their way to attached clients before the run's output is left in its pipe.
    static let maximumOutstanding = 1 << 20
    /// What is counted for one piece of output beside its bytes, so that many small ones are not free.
    static let pieceCost = 256

    var setup: Setup
    var stdoutOpen: Bool
    var stderrOpen: Bool
    var stdinOpen: Bool
    var listening: Bool
    /// Bytes given to the loop that no client has taken yet.
    var outstanding = 0
    /// Bytes for a log that could not be opened.
    var unlogged: Int64 = 0
    /// Whether reading is suspended because of `outstanding`.
    var suspended = false
    /// Whether reading is suspended because its log holds what the journal does not take.
    var isHeldBack = false
    var input: Deque<(bytes: ByteBuffer, taken: EventLoopPromise<Void>?)> = []
    var closeInputWhenWritten = false
    /// Whether the pipe was full at the last write, so that epoll watches it.
    var inputBlocked = false
    /// Whether lines that have no end were given to the log after the last of its output.
    var isFlushed = false
    /// Set when the process has ended: when to give up waiting for the end of its output.
    var deadline: MonotonicInstant?

    init(_ setup: Setup) {
        self.setup = setup
        stdoutOpen = setup.stdout != nil
        stderrOpen = setup.stderr != nil
        stdinOpen = setup.stdin != nil
        listening = setup.listening
    }

    /// Whether nothing more can come.
    var outputEnded: Bool { !stdoutOpen && !stderrOpen }
}
