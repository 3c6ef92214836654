public import Model

/// The kind of engine that runs the containers.
public enum EngineKind: String, Hashable, Sendable, CaseIterable {
    case sereno, docker, podman
}

/// How a systemd unit supervises its container.
public enum UnitStyle: String, Hashable, Sendable, CaseIterable {
    /// The container's processes live in the unit's control group, and the unit is ready when the container is. For
    /// sereno only.
    case attach
    /// `start -a` runs beside the engine. For every engine.
    case plain
}

/// The one owner of a container's restarts.
public enum RestartOwner: String, Hashable, Sendable, CaseIterable {
    /// The init system: `start -a` ends when the container does.
    case initSystem = "init"
    /// The engine, by Docker's rules to the letter: `start -a` stays until the policy has given up.
    case sereno
}

/// The moment at which a container counts as started.
public enum Readiness: String, Hashable, Sendable, CaseIterable {
    /// The container runs.
    case started
    /// The container reports `READY=1` itself.
    case payload
    /// The health check has passed.
    case healthy
}

/// The subject of the watchdog.
public enum WatchdogSubject: String, Hashable, Sendable, CaseIterable {
    /// `start -a` and the engine.
    case supervisor
    /// `start -a`, the engine, and the container's health.
    case health
}

/// The manager of systemd that runs the unit.
public enum UnitScope: String, Hashable, Sendable, CaseIterable {
    case system, user
}

/// The rule by which a unit starts at boot.
public enum BootStart: String, Hashable, Sendable, CaseIterable {
    /// The restart policy decides: `always` and `unless-stopped` start, `no` and `on-failure` do not.
    case policy
    case yes, no
}

/// The choices for the files, and the surroundings for which they are written.
public struct GeneratorOptions: Hashable, Sendable {
    /// The init system that reads the files.
    public var system: InitSystem
    /// How a unit supervises its container; systemd only.
    public var style: UnitStyle
    /// The major version of systemd that reads the units.
    public var systemdVersion: Int
    /// The manager that runs the units; systemd only.
    public var scope = UnitScope.system
    /// The owner of the restarts.
    public var owner = RestartOwner.initSystem
    /// The moment at which a container counts as started. Nil: when it is healthy if another of the set waits for that,
    /// else when it runs.
    public var readiness: Readiness?
    /// The subject of the watchdog; nil for no watchdog.
    public var watchdog: WatchdogSubject?
    /// Seconds without a sign of life after which the watchdog acts.
    public var watchdogSeconds = 30
    /// The kind of the containers' engine.
    public var engine: EngineKind
    /// The absolute path of the program that the files call.
    public var program: String
    /// The client whose command line `program` has.
    public var client: EngineKind
    /// The engine's address, such as `unix:///run/x.sock`; nil when the client chooses it by itself.
    public var address: String?
    /// The unit or job that starts the engine; nil for none.
    public var engineUnit: String?
    /// Seconds that an end may take beyond the container's own stop timeout.
    public var stopMargin = 30
    /// Seconds that a start may take; nil leaves the choice to the readiness.
    public var startTimeout: Int?
    /// The rule by which a container starts at boot.
    public var boot = BootStart.policy
    /// The slice of the units; nil for the default.
    public var slice: String?
    /// Exit codes after which a container is not started again.
    public var preventRestartCodes: [UInt8] = []
    /// The signal that `reload` sends to the container; nil for none.
    public var reloadSignal: String?
    /// Whether the container's output goes to the journal too.
    public var journal = true
    /// The beginning of every file name.
    public var prefix = "sereno-"

    /// Options with all defaults.
    public init(
        _ system: InitSystem, style: UnitStyle = .attach, systemdVersion: Int = 252, engine: EngineKind = .sereno,
        program: String, client: EngineKind? = nil
    ) {
        self.system = system
        self.style = style
        self.systemdVersion = systemdVersion
        self.engine = engine
        self.program = program
        self.client = client ?? engine
    }

    /// The first version with `RestartSteps=`, `RestartMaxDelaySec=`, `RestartMode=` and `DelegateSubgroup=` (NEWS,
    /// v254).
    public static let steppedRestarts = 254
}
