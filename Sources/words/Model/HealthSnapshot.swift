/// What is known of a container's health, in Docker's words (`State.Health`).
public struct HealthSnapshot: Hashable, Sendable {
    /// The verdict.
    public enum Status: String, Hashable, Sendable, CaseIterable {
        /// Its run began, and no check has succeeded or failed often enough yet.
        case starting
        /// The last check succeeded, or failures in a row are fewer than its retries.
        case healthy
        /// Checks failed in a row, or nothing is checked since it does not run.
        case unhealthy
    }

    /// One check that was made.
    public struct Result: Hashable, Sendable {
        /// When its process was asked for.
        public var start: WallTime
        /// When its end was known.
        public var end: WallTime
        /// Of its process; -1 when it could not be started or took too long.
        public var exitCode: Int
        /// What it printed, or why there was no exit code.
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
    /// Checks that failed since one succeeded.
    public var failingStreak = 0
    /// The last checks, oldest first; they outlive the run that they were made in.
    public var log: [Result] = []

    /// Of a run that has just begun.
    public init() {}
}
