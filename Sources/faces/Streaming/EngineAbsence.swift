package import APIClient
import Flags
import Linux
import Model

/// A short absence of an engine that died or is being replaced; its keeper starts the next one.
package struct EngineAbsence {
    /// The longest absence, in seconds.
    package static let patience: Int64 = 30
    private static let firstPause = Nanoseconds.milliseconds(20)
    private static let longestPause = Nanoseconds.seconds(1)

    private var began: MonotonicInstant?
    private var pause = firstPause

    /// No absence so far.
    package init() {}

    /// Waits before the next try. Throws the failure when it has another reason, and when the engine has been away too
    /// long.
    package mutating func endure(_ failure: ClientError) throws {
        guard failure.engineIsGone else { throw failure }
        let start = began ?? .now
        began = start
        guard MonotonicInstant.now.since(start) < .seconds(Self.patience) else {
            throw ExitFailure("\(failure.message)\nThe engine has been away for \(Self.patience) seconds.")
        }
        KernelThread.sleep(for: pause)
        pause = min(Nanoseconds(pause.count.saturatingMultiplied(by: 2)), Self.longestPause)
    }

    /// Ends the absence, as the engine has answered.
    package mutating func isOver() {
        began = nil
        pause = Self.firstPause
    }
}
