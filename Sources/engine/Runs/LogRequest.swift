public import Model

/// A request for a part of a log.
public struct LogRequest: Sendable {
    /// Whether it includes standard output.
    public var stdout = true
    /// Whether it includes standard error.
    public var stderr = true
    /// Whether it waits for more until the container ends.
    public var follow = false
    /// Whether each line begins with its time.
    public var timestamps = false
    /// Whether each line begins with its attributes.
    public var details = false
    /// Time of the first line; `nil` is no bound.
    public var since: WallTime?
    /// Time of the last line; `nil` is no bound.
    public var until: WallTime?
    /// Number of lines from the end; `nil` is all.
    public var tail: Int?
    /// Whether frames with a header of eight bytes distinguish the streams (containers without a terminal).
    public var multiplexed = true

    /// All of both streams, without times.
    public init() {}
}
