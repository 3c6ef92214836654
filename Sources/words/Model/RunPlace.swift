/// Where a container's runs take place when a unit of an init system started it. It holds until the next start by a
/// command, so over restarts by policy too.
public struct RunPlace: Hashable, Sendable {
    /// The control group that was delegated to the unit, such as `/system.slice/web.service`: the container's own is made
    /// in it. `nil` for the place that the container says.
    public var controlGroup: String?
    /// The path on the host of a datagram socket that the payload may tell of its readiness (sd_notify(3)).
    public var notifySocket: String?

    /// A place from its parts.
    public init(controlGroup: String? = nil, notifySocket: String? = nil) {
        self.controlGroup = controlGroup
        self.notifySocket = notifySocket
    }
}
