public import Model
public import Restart

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
    public var logOptions: [String: String] = [:]
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

/// Changes by `update`; `nil` leaves a value.
public struct ContainerUpdate: Sendable {
    /// The new restart policy.
    public var restart: RestartPolicy?
    /// The new resources, complete.
    public var resources: ResourceSpec?

    /// No change.
    public init() {}

    /// The changes in the words of the history: `--restart on-failure:3`, resources without their values.
    var words: String {
        let policy = restart.map { policy in
            "--restart \(policy.name)" + (policy.maximumRetryCount > 0 ? ":\(policy.maximumRetryCount)" : "")
        }
        return [policy, resources == nil ? nil : "of its resources"].compactMap(\.self).joined(separator: " and ")
    }
}

/// Facts about the supervisor and its host, for `info`.
public struct EngineInfo: Sendable {
    /// Identity of the host.
    public var id = ""
    /// Its configuration.
    public var configuration = EngineConfiguration()
    /// Number of containers.
    public var containers = 0
    /// Number of containers that run or wait for a restart.
    public var running = 0
    /// Number of paused containers.
    public var paused = 0
    /// Number of all other containers.
    public var stopped = 0
    /// Number of images.
    public var images = 0
    /// The host's name.
    public var hostname = ""
    /// The kernel's release.
    public var kernelVersion = ""
    /// The name of the distribution.
    public var operatingSystem = ""
    /// The distribution's version.
    public var osVersion = ""
    /// Architecture of the machine, as uname(2) reports it.
    public var architecture = ""
    /// Number of online processors.
    public var processors = 1
    /// Memory of the machine in bytes.
    public var memory: Int64 = 0
    /// `1` or `2`; hybrid hosts are `1`.
    public var cgroupVersion = "2"
    /// Security options in Docker's form: the means that isolate containers.
    public var securityOptions: [String] = []
    /// Warnings about missing features of the host, and about objects set aside.
    public var warnings: [String] = []

    /// The defaults.
    public init() {}
}
