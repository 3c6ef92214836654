public import Model

/// What of a log is wanted.
public struct LogRequest: Sendable {
    /// Whether standard output is wanted.
    public var stdout = true
    /// Whether standard error is wanted.
    public var stderr = true
    /// Whether to wait for more until the container ends.
    public var follow = false
    /// Whether each line begins with its time.
    public var timestamps = false
    /// Whether each line begins with its attributes.
    public var details = false
    /// Lines before it are left out.
    public var since: WallTime?
    /// Lines after it are left out.
    public var until: WallTime?
    /// Lines from the end; `nil` is all.
    public var tail: Int?
    /// Whether frames of eight bytes tell the streams apart (containers without a terminal).
    public var multiplexed = true

    /// The defaults.
    public init() {}
}
