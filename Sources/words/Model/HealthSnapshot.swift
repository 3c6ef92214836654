/// Health of a container, in Docker's words (`State.Health`).
public struct HealthSnapshot: Hashable, Sendable {
    /// Verdicts.
    public enum Status: String, Hashable, Sendable, CaseIterable {
        /// Its run began, and no check has succeeded or failed often enough yet.
        case starting
        /// The last check succeeded, or failures in a row are fewer than its retries.
        case healthy
        /// Checks failed in a row, or nothing is checked since it does not run.
        case unhealthy
    }

    /// Result of one check.
    public struct Result: Hashable, Sendable {
        /// Time at which its process was requested.
        public var start: WallTime
        /// Time at which its end was known.
        public var end: WallTime
        /// Exit code of its process; -1 when it could not be started or took too long.
        public var exitCode: Int
        /// Output of its process, or the cause of a missing exit code.
        public var output: String

        /// A result from its parts.
        public init(start: WallTime, end: WallTime, exitCode: Int, output: String) {
            self.start = start
            self.end = end
            self.exitCode = exitCode
            self.output = output
        }
    }

    /// The verdict.
    public var status = Status.starting
    /// Number of failed checks since the last success.
    public var failingStreak = 0
    /// The last checks, oldest first. They outlive the run that they were made in.
    public var log: [Result] = []

    /// State at the start of a run.
    public init() {}
}
