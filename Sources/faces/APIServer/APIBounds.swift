public import NIOCore

/// What clients together may take of the server. docs/api-bounds.md lists all bounds, these and those of other files.
public struct APIBounds: Sendable, Hashable {
    /// Connections at once. One more closes those that have been idle longest; when none is idle, it is answered 503.
    public var connections: Int
    /// Bytes that are held in memory for all of them together, in both directions. One more closes the connection for which
    /// most are held.
    public var memory = 64 << 20
    /// Seconds from the first byte of a request to the end of its head.
    public var headTime = TimeAmount.seconds(30)
    /// Seconds from the end of a head to the end of a body that is read whole.
    public var bodyTime = TimeAmount.seconds(120)
    /// Seconds that a whole answer may wait to be read.
    public var answerTime = TimeAmount.seconds(60)
    /// Seconds that a transfer may stand still: that nothing comes of a body which is waited for, or nothing is taken of an answer
    /// for which a thread waits.
    public var stillTime = TimeAmount.seconds(60)

    /// Bounds for a process that may have `openFiles` descriptors: a quarter of them are for clients, 64 to 8,192; each
    /// container takes about eight of the rest.
    public init(openFiles: Int) { connections = max(64, min(8_192, openFiles / 4)) }
}

/// How the bounds have been needed since the server began.
public struct APICounters: Sendable, Hashable {
    /// Connections now.
    public var connections = 0
    /// Connections that were accepted.
    public var accepted: UInt64 = 0
    /// Idle connections that were closed to make room.
    public var evicted: UInt64 = 0
    /// Connections that were answered 503, as none was idle.
    public var refused: UInt64 = 0
    /// Connections that were closed as their request, or the reading of their answer, took too long.
    public var expired: UInt64 = 0
    /// Requests whose head or body was too long.
    public var oversized: UInt64 = 0
    /// Bytes that are held for all connections now.
    public var held = 0
    /// Connections that were closed as too much was held for all together, and most for them.
    public var letGo: UInt64 = 0

    /// Nothing happened yet.
    public init() {}
}
