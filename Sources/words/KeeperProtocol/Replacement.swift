/// How the replacement of an engine went.
public enum ReplacementOutcome: UInt8, Equatable, Sendable {
    /// The new engine is ready.
    case replaced = 1
    /// The new engine ended before it was ready, and the one before it was started again.
    case endedEarly = 2
    /// The new engine was not ready in time and was killed, and the one before it was started again.
    case notReadyInTime = 3
    /// The new engine ended before it was ready, and the program of the one before is not there to be started again.
    case stranded = 4
}

/// A replacement of the engine on purpose, and how it went.
public struct Replacement: Equatable, Sendable {
    /// How it went.
    public var outcome: ReplacementOutcome
    /// The wait status of an engine that did not come up; zero when it did.
    public var status: Int32
    /// When that was known.
    public var at: Reading
    /// What the engine that did not come up said of it; empty when it said nothing.
    public var text: FrameText

    /// A replacement.
    public init(outcome: ReplacementOutcome, status: Int32 = 0, at: Reading = Reading(), text: FrameText = FrameText())
    {
        self.outcome = outcome
        self.status = status
        self.at = at
        self.text = text
    }
}
