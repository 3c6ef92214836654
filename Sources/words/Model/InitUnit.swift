/// The init system's unit that makes a container's restarts. While there is one, the supervisor itself never restarts the
/// container.
public struct InitUnit: Hashable, Sendable {
    /// The init system.
    public var system: InitSystem
    /// Name of the unit, job or program there, such as `web.service`.
    public var name: String

    /// A unit by its name.
    public init(system: InitSystem, name: String) {
        self.system = system
        self.name = name
    }
}

/// An init system that restarts containers in the supervisor's place.
public enum InitSystem: String, Hashable, Sendable, CaseIterable {
    /// systemd, and its `.service` units.
    case systemd
    /// upstart, and its jobs.
    case upstart
    /// supervisord, and its programs.
    case supervisord
}

/// Cause of a start by an init system.
public enum InitStart: String, Hashable, Sendable, CaseIterable {
    /// A user requested it from the init system.
    case user
    /// The init system restarts the container after its end.
    case restart
    /// The machine comes up.
    case boot
}
