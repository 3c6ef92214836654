package import APIClient
import Flags
import Glibc
import Linux
import Model

/// An engine that is away for a moment, because it died or is being replaced: its keeper starts the next one.
package struct EngineAbsence {
    /// The longest that it may be away, in seconds.
    package static let patience: Int64 = 30
    private static let firstPause: UInt32 = 20_000
    private static let longestPause: UInt32 = 1_000_000

    private var began: MonotonicInstant?
    private var pause = firstPause

    /// An engine that is there as far as one knows.
    package init() {}

    /// Waits a moment before the next try. Throws the failure when it is another, and when the engine has been away for too long.
    package mutating func endure(_ failure: ClientError) throws {
        guard failure.engineIsGone else { throw failure }
        let start = began ?? .now
        began = start
        guard MonotonicInstant.now.since(start) < .seconds(Self.patience) else {
            throw ExitFailure("\(failure.text)\nThe engine has been away for \(Self.patience) seconds.")
        }
        usleep(pause)
        pause = min(pause * 2, Self.longestPause)
    }

    /// The engine is there.
    package mutating func isOver() {
        began = nil
        pause = Self.firstPause
    }
}
