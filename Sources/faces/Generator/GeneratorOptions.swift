public import Model

/// The engines that containers live in.
public enum EngineKind: String, Hashable, Sendable, CaseIterable {
    case sereno, docker, podman
}

/// How a systemd unit supervises its container.
public enum UnitStyle: String, Hashable, Sendable, CaseIterable {
    /// The container's processes live in the unit's control group, and the unit is ready when the container is. sereno only.
    case attach
    /// `start -a` beside the engine: for every engine.
    case plain
}

/// Who starts a container again. There is exactly one.
public enum RestartOwner: String, Hashable, Sendable, CaseIterable {
    /// The init system: `start -a` ends when the container does.
    case initSystem = "init"
    /// The engine, by Docker's rules to the letter: `start -a` stays until the policy has given up.
    case sereno
}

/// When a container counts as started.
public enum Readiness: String, Hashable, Sendable, CaseIterable {
    /// When it runs.
    case started
    /// When it says `READY=1` itself.
    case payload
    /// When its health check has passed.
    case healthy
}

/// What the watchdog watches.
public enum WatchdogSubject: String, Hashable, Sendable, CaseIterable {
    /// `start -a` and the engine.
    case supervisor
    /// These, and the container's health.
    case health
}

/// Which manager of systemd runs the unit.
public enum UnitScope: String, Hashable, Sendable, CaseIterable {
    case system, user
}

/// When a unit is started at boot.
public enum BootStart: String, Hashable, Sendable, CaseIterable {
    /// As the policy says: `always` and `unless-stopped` are, `no` and `on-failure` are not.
    case policy
    case yes, no
}

/// What to write, and for which surroundings.
public struct GeneratorOptions: Hashable, Sendable {
    /// The init system.
    public var system: InitSystem
    /// systemd only.
    public var style: UnitStyle
    /// The major version of systemd that reads the units.
    public var systemdVersion: Int
    /// systemd only.
    public var scope = UnitScope.system
    /// Who restarts.
    public var owner = RestartOwner.initSystem
    /// When a container counts as started; nil: when it runs, or when it is healthy if another of the set waits for that.
    public var readiness: Readiness?
    /// No watchdog when nil.
    public var watchdog: WatchdogSubject?
    /// Seconds without a sign of life.
    public var watchdogSeconds = 30
    /// The engine that the containers are in.
    public var engine: EngineKind
    /// The program that is called, an absolute path.
    public var program: String
    /// Whose command line `program` takes.
    public var client: EngineKind
    /// The engine's address when it is not the client's own choice, such as `unix:///run/x.sock`.
    public var address: String?
    /// The unit, job or nothing that brings the engine up.
    public var engineUnit: String?
    /// Seconds that an end may take beyond the container's own stop timeout.
    public var stopMargin = 30
    /// Seconds that a start may take; a choice by readiness when nil.
    public var startTimeout: Int?
    /// When it starts at boot.
    public var boot = BootStart.policy
    /// A slice for the units.
    public var slice: String?
    /// Exit codes after which nothing is started again.
    public var preventRestartCodes: [UInt8] = []
    /// A signal that `reload` sends to the container.
    public var reloadSignal: String?
    /// Whether what the container writes goes to the journal too.
    public var journal = true
    /// What the names of files begin with.
    public var prefix = "sereno-"

    /// Options with every default.
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

    /// The first version with `RestartSteps=`, `RestartMaxDelaySec=`, `RestartMode=` and `DelegateSubgroup=` (NEWS, v254).
    public static let steppedRestarts = 254
}
