/// Cause of an init system's end of a container, other than a user's request.
public enum InitEnd: Sendable, Hashable {
    /// The machine, or the init system, goes down.
    case shutdown
    /// The watchdog of the container's unit found it unhealthy.
    case watchdog
}
