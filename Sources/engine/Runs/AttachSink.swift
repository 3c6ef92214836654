public import Model
public import NIOCore

/// Where the output for one attached client goes. Every call comes on the engine's event loop.
public protocol AttachSink: AnyObject, Sendable {
    /// Takes some output. `written` is completed when it has left the process, or failed when the client is gone; until
    /// then the bytes count against the container's bound and slow its reading down.
    func write(_ stream: OutputStream, _ bytes: ByteBuffer, written: EventLoopPromise<Void>)
    /// No more output will come: the process has ended and everything was delivered, or the engine detached the client.
    func finish()
}

/// What of a container a client wants.
public struct AttachOptions: Sendable {
    /// Whether what is logged already comes first.
    public var logs = false
    /// Whether to stay for what comes.
    public var stream = false
    /// Whether it sends input.
    public var stdin = false
    /// Whether it wants standard output.
    public var stdout = false
    /// Whether it wants standard error.
    public var stderr = false
    /// Whether to stay across restarts, until nothing but a command starts the container again.
    public var untilFinal = false
    /// Key names as in `ctrl-p,ctrl-q`; empty is the default.
    public var detachKeys = ""

    /// Nothing wanted yet.
    public init() {}
}

/// An attached client: the handle by which its input reaches the process. Use on the engine's event loop.
public protocol AttachInput: AnyObject, Sendable {
    /// Bytes from the client. `taken` completes when the process's pipe took them (stop reading until then).
    func write(_ bytes: ByteBuffer, taken: EventLoopPromise<Void>)
    /// The client closed its sending side.
    func closeInput()
    /// The client is gone altogether.
    func detach()
}

/// What `wait` answers.
public struct WaitOutcome: Sendable, Hashable {
    /// The exit code, as `ExitStatus.code` gives it.
    public var statusCode: Int
    /// Set when the container could not be started or removed.
    public var error: String?

    /// An answer.
    public init(statusCode: Int, error: String? = nil) {
        self.statusCode = statusCode
        self.error = error
    }
}

/// When `wait` answers.
public enum WaitCondition: String, Sendable, Hashable {
    case notRunning = "not-running"
    case nextExit = "next-exit"
    case removed
    /// The end after which nothing but a command or a supervisor's start starts it again (sereno's own).
    case final
}
