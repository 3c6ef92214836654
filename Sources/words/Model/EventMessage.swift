/// An event, as `events` reports it.
public struct EventMessage: Sendable, Hashable {
    /// Type of its object: `container`, `image`, `network`, `volume` or `daemon`.
    public var type: String
    /// Action in Docker's words: `create`, `start`, `die`, `exec_create: sh` and so on.
    public var action: String
    /// ID of its object.
    public var actorID: String
    /// Attributes: `name`, `image`, `exitCode`, labels and so on.
    public var attributes: TextMap
    /// Time of the event.
    public var time: WallTime

    /// An event from its parts.
    public init(type: String, action: String, actorID: String, attributes: TextMap, time: WallTime) {
        self.type = type
        self.action = action
        self.actorID = actorID
        self.attributes = attributes
        self.time = time
    }
}
