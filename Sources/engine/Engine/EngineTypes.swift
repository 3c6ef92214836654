public import Model
public import Restart

/// How a supervisor is set up. Paths are absolute.
public struct EngineConfiguration: Sendable {
    /// What must survive a reboot: containers, images, logs.
    public var dataRoot = "/var/lib/sereno"
    /// What need not: network namespaces, sockets.
    public var execRoot = "/run/sereno"
    /// Used when a container names none.
    public var defaultRuntime = RuntimeName.native
    /// Further OCI runtimes by name.
    public var runtimes: [String: String] = ["runc": "runc"]
    /// Whether containers that do not say get an init.
    public var defaultInit = false
    /// Used when a container names none.
    public var logDriver = LogDriver.standard
    /// Options of the log driver, for containers that name no driver.
    public var logOptions: [String: String] = [:]
    /// Seconds between TERM and KILL for containers that do not say.
    public var stopTimeout = 10
    /// Seconds for all containers together at an orderly shutdown, after which KILL ends the rest.
    public var shutdownTimeout = 15
    /// How quickly a supervisor that comes up starts what it finds down.
    public var startPace = StartPace.standard
    /// How many descriptors keeper and engine may each have open.
    public var openFiles = Int.max
    /// Folder of `sereno-keeper` and `sereno-archive`.
    public var programs = "/usr/libexec/sereno"

    /// The defaults.
    public init() {}
}

/// What `update` may change; `nil` leaves a value.
public struct ContainerUpdate: Sendable {
    /// The new restart policy.
    public var restart: RestartPolicy?
    /// The resources with the changes made, or `nil`.
    public var resources: ResourceSpec?

    /// The defaults.
    public init() {}

    /// What is changed, as the history has it: `--restart on-failure:3`, resources without their values.
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
    /// How it is set up.
    public var configuration = EngineConfiguration()
    /// How many there are.
    public var containers = 0
    /// How many run or wait for a restart.
    public var running = 0
    /// How many are paused.
    public var paused = 0
    /// All others.
    public var stopped = 0
    /// How many images there are.
    public var images = 0
    /// The host's name.
    public var hostname = ""
    /// The kernel's release.
    public var kernelVersion = ""
    /// The name of the distribution.
    public var operatingSystem = ""
    /// The distribution's version.
    public var osVersion = ""
    /// The machine, as uname(2) says.
    public var architecture = ""
    /// How many processors are online.
    public var processors = 1
    /// Bytes.
    public var memory: Int64 = 0
    /// `1` or `2`; hybrid hosts are `1`.
    public var cgroupVersion = "2"
    /// Docker's list of what isolates containers.
    public var securityOptions: [String] = []
    /// What the host lacks.
    public var warnings: [String] = []

    /// The defaults.
    public init() {}
}
