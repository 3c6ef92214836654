public import Model
public import NIOCore

/// Destination of the output for one attached client. Every call comes on the engine's event loop.
public protocol AttachSink: AnyObject, Sendable {
    /// Takes some output. `written` completes when the output has left the process, or fails when the client is gone. Until then
    /// the bytes count against the container's bound and slow its reading down.
    func write(_ stream: OutputStream, _ bytes: ByteBuffer, written: EventLoopPromise<Void>)
    /// Ends the output: the process has ended and everything was delivered, or the engine detached the client.
    func finish()
}

/// Parts of a container that a client attaches to.
public struct AttachOptions: Sendable {
    /// Whether earlier output from the log comes first.
    public var logs = false
    /// Whether the client stays for later output.
    public var stream = false
    /// Whether the client sends input.
    public var stdin = false
    /// Whether the client receives standard output.
    public var stdout = false
    /// Whether the client receives standard error.
    public var stderr = false
    /// Whether the client stays across restarts, until only a command would start the container again.
    public var untilFinal = false
    /// Keys that detach, such as `ctrl-p,ctrl-q`; empty is the default.
    public var detachKeys = ""

    /// No part of the container.
    public init() {}
}

/// Handle of an attached client, through which its input reaches the process. Use on the engine's event loop.
public protocol AttachInput: AnyObject, Sendable {
    /// Passes on bytes from the client. `taken` completes when the process's pipe took them; the caller stops reading until then.
    func write(_ bytes: ByteBuffer, taken: EventLoopPromise<Void>)
    /// Ends the input: the client closed its sending side.
    func closeInput()
    /// Detaches the client, which is gone altogether.
    func detach()
}

/// Answer of `wait`.
public struct WaitOutcome: Sendable, Hashable {
    /// Exit code, as `ExitStatus.code` gives it.
    public var statusCode: Int
    /// Message when the container could not be started or removed; `nil` otherwise.
    public var error: String?

    /// An answer from its parts.
    public init(statusCode: Int, error: String? = nil) {
        self.statusCode = statusCode
        self.error = error
    }
}

/// Conditions for the answer of `wait`.
public enum WaitCondition: String, Sendable, Hashable {
    case notRunning = "not-running"
    case nextExit = "next-exit"
    case removed
    /// The end after which only a command or a supervisor's start starts the container again (sereno's own).
    case final
}
