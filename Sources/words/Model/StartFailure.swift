/// Why a start did not lead to a running process.
public struct StartFailure: Error, Hashable, Sendable {
    /// What Docker records as the exit code: 126 not executable, 127 not found, 128 anything else.
    public var exitCode: Int32
    /// The step and the object, as a sentence.
    public var message: String

    /// A failure with its Docker exit code.
    public init(exitCode: Int32, message: String) {
        self.exitCode = exitCode
        self.message = message
    }

    /// The start was overtaken by a stop or a removal before the process ran.
    public static let superseded = StartFailure(
        exitCode: 128, message: "the container was stopped before it had started")
    /// The supervisor ended while the start was under way and no process was left.
    public static let interrupted = StartFailure(exitCode: 128, message: "the supervisor ended during the start")
}
