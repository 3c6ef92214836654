public import Supervision

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
