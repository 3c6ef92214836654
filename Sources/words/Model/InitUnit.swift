/// The unit of an init system that a container's restarts were handed to. While there is one the supervisor itself
/// never restarts the container.
public struct InitUnit: Hashable, Sendable {
    /// The init system.
    public var system: InitSystem
    /// The unit, job or program by its name there, such as `web.service`.
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

/// Why an init system starts a container.
public enum InitStart: String, Hashable, Sendable, CaseIterable {
    /// A user asked the init system for it.
    case user
    /// The init system starts again what has ended.
    case restart
    /// The machine comes up.
    case boot
}
