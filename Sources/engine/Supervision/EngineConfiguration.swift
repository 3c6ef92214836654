public import Model

/// Configuration of a supervisor. Paths are absolute.
public struct EngineConfiguration: Sendable {
    /// Root of data that must survive a reboot: containers, images, logs.
    public var dataRoot = "/var/lib/sereno"
    /// Root of data that need not: network namespaces, sockets.
    public var execRoot = "/run/sereno"
    /// Runtime of containers that name none.
    public var defaultRuntime = RuntimeName.native
    /// Further OCI runtimes, as programs by name.
    public var runtimes: [String: String] = ["runc": "runc"]
    /// Whether containers that do not choose get an init.
    public var defaultInit = false
    /// Log driver of containers that name none.
    public var logDriver = LogDriver.standard
    /// Options of the log driver, for containers that name no driver.
    public var logOptions = TextMap()
    /// Seconds between TERM and KILL for containers that set none.
    public var stopTimeout = 10
    /// Seconds for all containers together at an orderly shutdown, after which KILL ends the rest.
    public var shutdownTimeout = 15
    /// Pace of the starts when a supervisor comes up.
    public var startPace = StartPace.standard
    /// Number of descriptors that keeper and engine may each have open.
    public var openFiles = Int.max
    /// Folder of `sereno-keeper` and `sereno-archive`.
    public var programs = "/usr/libexec/sereno"

    /// The defaults.
    public init() {}
}
