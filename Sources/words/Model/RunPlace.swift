/// Place of a container's runs when an init system's unit started it. It holds until the next start by a command, and so over
/// restarts by policy.
public struct RunPlace: Hashable, Sendable {
    /// The control group delegated to the unit, such as `/system.slice/web.service`; the container's own is made in it. `nil` is
    /// the place that the container's specification names.
    public var controlGroup: String?
    /// Host path of the datagram socket on which the payload may report its readiness (sd_notify(3)).
    public var notifySocket: String?

    /// A place from its parts.
    public init(controlGroup: String? = nil, notifySocket: String? = nil) {
        self.controlGroup = controlGroup
        self.notifySocket = notifySocket
    }
}
