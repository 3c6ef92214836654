public import Model

/// Which part of a log is wanted: what `docker logs` can ask for.
public struct LogQuery: Hashable, Sendable {
    /// Entries before this time are left out.
    public var since: WallTime?
    /// The first entry after this time ends the reading.
    public var until: WallTime?
    /// How many of the last entries to begin with, counted before the other conditions are applied, as Docker
    /// does; `nil` is all.
    public var tail: Int?
    /// Whether the reader waits for more at the end.
    public var follow = false
    /// The streams wanted.
    public var streams: Set<OutputStream> = [.stdout, .stderr]

    /// All of a log.
    public init() {}
}

/// How entries are written out for a client.
public struct LogRendering: Hashable, Sendable {
    /// Whether each entry gets Docker's eight-byte header: stream, three zeros, big-endian length. A container
    /// with a terminal is read without.
    public var multiplexed: Bool
    /// Whether each entry begins with its time and a space.
    public var timestamps: Bool
    /// The attributes with which each entry begins, as they are shown, with a space behind them; `nil` for none.
    public var details: [UInt8]?

    /// A rendering.
    public init(multiplexed: Bool, timestamps: Bool = false, details: [UInt8]? = nil) {
        self.multiplexed = multiplexed
        self.timestamps = timestamps
        self.details = details
    }
}

/// One entry of a log.
public struct LogEntry: Hashable, Sendable {
    /// When it was written.
    public var time: WallTime
    /// To which stream.
    public var stream: OutputStream
    /// The output, its newline included if it had one.
    public var bytes: [UInt8]
    /// Whether the line goes on in the next entry of this stream.
    public var isPartial: Bool { bytes.last != 0x0A }
}

/// How far a reader has come.
public enum LogProgress: Hashable, Sendable {
    /// There is more to read now.
    case more
    /// A following reader has read all there is, and waits.
    case caughtUp
    /// What was written has not come to where it is read yet: ask again soon.
    case lagging
    /// There is nothing more to come.
    case ended
}
