import Glibc
public import Model

/// A child process run to its end with captured output.
public struct Command: Sendable {
    /// How it ended; after a time-out, how the KILL ended it.
    public let status: ExitStatus
    /// All of standard output, as UTF-8.
    public let output: String
    /// All of standard error, as UTF-8.
    public let error: String
    /// Whether the time limit was reached and the process was killed.
    public let timedOut: Bool

    /// Ended in time with code 0.
    public var succeeded: Bool { !timedOut && status.isSuccess }

    /// Runs a program found in PATH (or by its path), feeds `input`, and waits at most `timeout` seconds.
    /// `environment` replaces the whole environment when given. Throws only when it cannot be started.
    public static func run(
        _ arguments: [String], environment: [String]? = nil, input: String = "", timeout: Double = 60
    ) throws -> Command {
        let child = try BackgroundCommand(arguments, environment: environment, input: input)
        return child.wait(timeout: timeout)
    }
}
