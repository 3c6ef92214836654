public import NIOCore

/// Bounds on what all clients together may take of the server. docs/api-bounds.md lists all bounds: these and those of
/// other files.
public struct APIBounds: Sendable, Hashable {
    /// Most connections at once. One more closes the connections that have been idle longest; when none is idle, it is
    /// answered 503.
    public var connections: Int
    /// Most bytes held in memory for all connections together, in both directions. One more closes the connection for
    /// which most are held.
    public var memory = 64 << 20
    /// Seconds from the first byte of a request to the end of its head.
    public var headTime = TimeAmount.seconds(30)
    /// Seconds from the end of a head to the end of a body that is read whole.
    public var bodyTime = TimeAmount.seconds(120)
    /// Seconds that a whole answer may wait to be read.
    public var answerTime = TimeAmount.seconds(60)
    /// Seconds that a transfer may stand still: no byte arrives of a body that is waited for, or the client takes no
    /// byte of an answer for which a thread waits.
    public var stillTime = TimeAmount.seconds(60)

    /// Bounds for a process that may have `openFiles` descriptors. Clients get a quarter of them, 64 to 8,192; each
    /// container takes about eight of the rest.
    public init(openFiles: Int) { connections = max(64, min(8_192, openFiles / 4)) }
}

/// Counts of connections, requests and held bytes since the server began: how far the bounds were needed.
public struct APICounters: Sendable, Hashable {
    /// Connections that are open now.
    public var connections = 0
    /// Connections that were accepted.
    public var accepted: UInt64 = 0
    /// Idle connections that were closed to make room for new ones.
    public var evicted: UInt64 = 0
    /// Connections that were answered 503 because no connection was idle.
    public var refused: UInt64 = 0
    /// Connections that were closed because their request came, or their answer was read, too slowly.
    public var expired: UInt64 = 0
    /// Requests whose head or body was longer than its bound.
    public var oversized: UInt64 = 0
    /// Bytes that are held in memory for all connections now.
    public var held = 0
    /// Connections that were closed because all connections together held too many bytes, and these the most.
    public var letGo: UInt64 = 0

    /// Counts of a server that has just begun: all zero.
    public init() {}
}
