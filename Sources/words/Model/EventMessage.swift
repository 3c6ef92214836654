/// Something that happened, as `events` tells it.
public struct EventMessage: Sendable, Hashable {
    /// `container`, `image`, `network`, `volume` or `daemon`.
    public var type: String
    /// `create`, `start`, `die`, `exec_create: sh` and so on, in Docker's words.
    public var action: String
    /// The ID of what it happened to.
    public var actorID: String
    /// `name`, `image`, `exitCode`, labels and so on.
    public var attributes: [String: String]
    /// When it happened.
    public var time: WallTime

    /// An event.
    public init(type: String, action: String, actorID: String, attributes: [String: String], time: WallTime) {
        self.type = type
        self.action = action
        self.actorID = actorID
        self.attributes = attributes
        self.time = time
    }
}
