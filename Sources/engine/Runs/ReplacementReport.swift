internal import KeeperClient
internal import KeeperProtocol
public import Model

/// Report of the last requested replacement of an engine.
public struct ReplacementReport: Sendable, Hashable {
    /// Whether the new engine took over.
    public var succeeded: Bool
    /// Its course, in one sentence.
    public var text: String
    /// Time at which the result was known.
    public var time: WallTime
    /// The same time by the clock that decides.
    package var at: MonotonicInstant

    init(_ replacement: EngineReplacement) {
        let status = replacement.status.map { "\($0)" } ?? ""
        let words = replacement.text.isEmpty ? "" : ": " + replacement.text
        let again = "the engine before it was started again"
        time = replacement.at.wall
        at = replacement.at.monotonic
        succeeded = replacement.outcome == .replaced
        text =
            switch replacement.outcome {
            case .replaced: "the new engine took over"
            case .endedEarly: "the new engine \(status) before it was ready\(words); \(again)"
            case .notReadyInTime: "the new engine was not ready in time and was killed\(words); \(again)"
            case .stranded:
                "the new engine \(status) before it was ready\(words); the keeper had no program of an engine before it"
            }
    }
}
