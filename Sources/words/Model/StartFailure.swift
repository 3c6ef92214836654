/// Cause of a start that led to no running process.
public struct StartFailure: Error, Hashable, Sendable {
    /// Exit code that Docker records: 126 not executable, 127 not found, 128 anything else.
    public var exitCode: Int32
    /// One sentence that names the step and the object.
    public var message: String

    /// A failure with its Docker exit code.
    public init(exitCode: Int32, message: String) {
        self.exitCode = exitCode
        self.message = message
    }

    /// A stop or a removal came before the process ran.
    public static let superseded = StartFailure(
        exitCode: 128, message: "the container was stopped before it had started")
    /// The supervisor ended during the start, and no process was left.
    public static let interrupted = StartFailure(exitCode: 128, message: "the supervisor ended during the start")
}
