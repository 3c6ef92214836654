public import Model

/// How a supervisor is set up. Paths are absolute.
public struct EngineConfiguration: Sendable {
    /// What must survive a reboot: containers, images, logs.
    public var dataRoot = "/var/lib/sereno"
    /// What need not: network namespaces, sockets.
    public var execRoot = "/run/sereno"
    /// Used when a container names none: `native`.
    public var defaultRuntime = "native"
    /// Further OCI runtimes by name.
    public var runtimes: [String: String] = ["runc": "runc"]
    /// Whether containers that do not say get an init.
    public var defaultInit = false
    /// Used when a container names none.
    public var logDriver = "cri"
    public var logOptions: [String: String] = [:]
    /// Seconds between TERM and KILL for containers that do not say.
    public var stopTimeout = 10
    /// Seconds for all containers together at an orderly shutdown, after which KILL ends the rest.
    public var shutdownTimeout = 15
    /// Folder of `sereno-keeper` and `sereno-archive`.
    public var programs = "/usr/libexec/sereno"

    /// The defaults.
    public init() {}
}

/// What `update` may change; `nil` leaves a value.
public struct ContainerUpdate: Sendable {
    public var restart: RestartPolicy?
    /// The resources with the changes made, or `nil`.
    public var resources: ResourceSpec?

    public init() {}
}

/// What of a log is wanted.
public struct LogRequest: Sendable {
    public var stdout = true
    public var stderr = true
    public var follow = false
    public var timestamps = false
    public var details = false
    public var since: WallTime?
    public var until: WallTime?
    /// Lines from the end; `nil` is all.
    public var tail: Int?
    /// Whether frames of eight bytes tell the streams apart (containers without a terminal).
    public var multiplexed = true

    public init() {}
}

/// How `PUT archive` unpacks.
public struct CopyInOptions: Sendable {
    public var noOverwriteDirectoryNonDirectory = false
    public var copyOwner = false

    public init() {}
}

/// Facts about the supervisor and its host, for `info`.
public struct EngineInfo: Sendable {
    public var id = ""
    public var configuration = EngineConfiguration()
    public var containers = 0
    public var running = 0
    public var paused = 0
    public var stopped = 0
    public var images = 0
    public var goroutines = 0
    public var hostname = ""
    public var kernelVersion = ""
    public var operatingSystem = ""
    public var osVersion = ""
    public var architecture = ""
    public var processors = 1
    /// Bytes.
    public var memory: Int64 = 0
    /// `1` or `2`; hybrid hosts are `1`.
    public var cgroupVersion = "2"
    public var securityOptions: [String] = []
    public var warnings: [String] = []

    public init() {}
}

/// Which containers use an image.
public struct ImageUse: Sendable, Hashable {
    public var container: ContainerID
    public var imageID: String
    public var imageName: String
    public var running: Bool

    public init(container: ContainerID, imageID: String, imageName: String, running: Bool) {
        self.container = container
        self.imageID = imageID
        self.imageName = imageName
        self.running = running
    }
}
