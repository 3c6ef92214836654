/// Everything a container was asked to be. It never changes after creation, but for the few fields that
/// `update` may replace (`restart` and `resources`).
///
/// The words are those of the Docker Engine API (v1.47); a value that Docker leaves out is `nil` or empty
/// here, and the defaults of the runtime are applied where the launch plan is made, not here.
public struct ContainerSpec: Codable, Hashable, Sendable {
    /// The image as the user named it.
    public var image = ""
    /// The image's content digest, `sha256:…`; empty with the `host` runtime and no image.
    public var imageID = ""
    public var process = ProcessSpec()
    public var hostname = ""
    public var domainname = ""
    public var labels: [String: String] = [:]
    public var annotations: [String: String] = [:]
    public var stopSignal: Signal?
    /// Seconds between the stop signal and KILL; negative waits for ever; `nil` is the supervisor's default of 10.
    public var stopTimeout: Int?
    public var healthcheck: HealthcheckSpec?
    public var restart = RestartPolicy.no
    public var autoRemove = false
    public var logging = LogSpec()
    public var mounts: [MountSpec] = []
    public var network = NetworkSpec()
    public var namespaces = NamespaceSpec()
    public var security = SecuritySpec()
    public var resources = ResourceSpec()
    /// `native`, `host`, `runc`, or the path of an OCI runtime; empty is the supervisor's default.
    public var runtime = ""
    /// Whether an init reaps and forwards as PID 1 of the container; `nil` is the supervisor's default.
    public var initProcess: Bool?
    /// `--cidfile`, kept only to be shown.
    public var containerIDFile = ""

    /// An empty specification.
    public init() {}
}

/// The process to run, as image and request together say.
public struct ProcessSpec: Codable, Hashable, Sendable {
    /// The request's entrypoint; `nil` when it did not name one, so that inspect can say so.
    public var entrypoint: [String]?
    /// The arguments after the entrypoint.
    public var command: [String]?
    /// `KEY=value` pairs, image first, the request's replacing by key.
    public var environment: [String] = []
    /// Empty is `/`.
    public var workingDirectory = ""
    /// `user[:group]`, by name or number; empty is root.
    public var user = ""
    public var additionalGroups: [String] = []
    public var terminal = false
    public var openStdin = false
    public var stdinOnce = false
    public var attachStdin = false
    public var attachStdout = false
    public var attachStderr = false
    /// Rows and columns of the terminal at the start; zero is unset.
    public var consoleHeight = 0
    public var consoleWidth = 0
    /// Kept for images that have it; not used.
    public var shell: [String] = []

    public init() {}

    /// Entry point and command together: the argument vector.
    public var arguments: [String] { (entrypoint ?? []) + (command ?? []) }
}

/// A health check as Docker writes it; times in nanoseconds, zero inherits the default.
public struct HealthcheckSpec: Codable, Hashable, Sendable {
    /// `NONE`, `CMD …` or `CMD-SHELL …`.
    public var test: [String] = []
    public var interval: Int64 = 0
    public var timeout: Int64 = 0
    public var startPeriod: Int64 = 0
    public var startInterval: Int64 = 0
    public var retries = 0

    public init() {}
}

/// Where the output goes.
public struct LogSpec: Codable, Hashable, Sendable {
    /// `cri` (default), `json-file` or `none`; empty is the supervisor's default.
    public var driver = ""
    /// `max-size`, `max-file` and others by driver.
    public var options: [String: String] = [:]

    public init() {}
}

/// One thing mounted into the container.
public struct MountSpec: Codable, Hashable, Sendable {
    /// What kind of source it has.
    public enum Kind: String, Codable, Hashable, Sendable { case bind, tmpfs, volume }

    /// How it was asked for, so that inspect shows it in the same place.
    public enum Origin: String, Codable, Hashable, Sendable { case binds, mounts, tmpfs, imageVolume }

    public var kind = Kind.bind
    public var origin = Origin.binds
    /// Host path of a bind mount; name of a volume; empty for tmpfs.
    public var source = ""
    /// Absolute path inside the container.
    public var target = ""
    public var readOnly = false
    /// `rprivate` (default), `private`, `rshared`, `shared`, `rslave`, `slave`.
    public var propagation = ""
    /// Whether a bind mount takes only the one mount and not those below it.
    public var nonRecursive = false
    /// Whether a missing host directory is made (`-v` does, `--mount` does not).
    public var createSource = false
    /// The words after the second colon of `-v`, or the options of `--tmpfs`, as typed.
    public var options = ""
    /// Bytes, for tmpfs; zero is no bound.
    public var tmpfsSize: Int64 = 0
    /// Permission bits, for tmpfs; zero is 01777.
    public var tmpfsMode: UInt32 = 0

    public init() {}
}

/// Networks, ports and names. Only the modes `none` and `host` (and `container:NAME`) are built yet.
public struct NetworkSpec: Codable, Hashable, Sendable {
    /// `none`, `host`, `default`, `bridge`, `container:ID` or a network's name; empty is `default`.
    public var mode = ""
    public var disabled = false
    public var macAddress = ""
    /// `80/tcp` and the like.
    public var exposedPorts: [String] = []
    /// By exposed port.
    public var portBindings: [String: [PortBinding]] = [:]
    public var publishAll = false
    public var dns: [String] = []
    public var dnsOptions: [String] = []
    public var dnsSearch: [String] = []
    public var extraHosts: [String] = []
    public var links: [String] = []

    /// A host address and port.
    public struct PortBinding: Codable, Hashable, Sendable {
        public var hostIP = ""
        public var hostPort = ""

        public init() {}
    }

    public init() {}
}

/// Which namespaces are shared with the host or another container: empty or `private`, `host`,
/// `container:ID`; `shareable` and `none` for IPC.
public struct NamespaceSpec: Codable, Hashable, Sendable {
    public var ipc = ""
    public var pid = ""
    public var uts = ""
    public var user = ""
    public var cgroup = ""

    public init() {}
}

/// What the container may do.
public struct SecuritySpec: Codable, Hashable, Sendable {
    public var privileged = false
    /// Names with or without `CAP_`, or `ALL`.
    public var capAdd: [String] = []
    public var capDrop: [String] = []
    /// `no-new-privileges[:true|false]`, `seccomp=unconfined`, `seccomp=JSON`, `apparmor=…`, `label=…`,
    /// `systempaths=unconfined`, as typed.
    public var options: [String] = []
    public var readonlyRootfs = false
    /// `nil` is the default list.
    public var maskedPaths: [String]?
    public var readonlyPaths: [String]?
    public var sysctls: [String: String] = [:]
    /// −1000 to 1000.
    public var oomScoreAdjust = 0

    public init() {}
}

/// Limits; zero is no limit unless said otherwise.
public struct ResourceSpec: Codable, Hashable, Sendable {
    /// Bytes.
    public var memory: Int64 = 0
    /// Bytes.
    public var memoryReservation: Int64 = 0
    /// Memory and swap together in bytes; −1 is unlimited swap.
    public var memorySwap: Int64 = 0
    /// 0 to 100; `nil` is the kernel's default.
    public var memorySwappiness: Int64?
    public var oomKillDisable: Bool?
    /// Billionths of a processor.
    public var nanoCPUs: Int64 = 0
    public var cpuShares: Int64 = 0
    /// Microseconds.
    public var cpuPeriod: Int64 = 0
    /// Microseconds.
    public var cpuQuota: Int64 = 0
    public var cpusetCPUs = ""
    public var cpusetMems = ""
    /// 10 to 1000.
    public var blkioWeight: UInt16 = 0
    /// `nil`, 0 or −1 is no limit.
    public var pidsLimit: Int64?
    public var ulimits: [Ulimit] = []
    public var devices: [DeviceSpec] = []
    public var deviceCgroupRules: [String] = []
    public var cgroupParent = ""
    /// Bytes of /dev/shm; zero is 64 MiB.
    public var shmSize: Int64 = 0

    public init() {}
}

/// One resource limit by its name in setrlimit(2) without `RLIMIT_`, in lower case; −1 is unlimited.
public struct Ulimit: Codable, Hashable, Sendable {
    public var name = ""
    public var soft: Int64 = 0
    public var hard: Int64 = 0

    public init() {}
}

/// A device of the host made visible in the container.
public struct DeviceSpec: Codable, Hashable, Sendable {
    public var pathOnHost = ""
    public var pathInContainer = ""
    /// Letters of `rwm`.
    public var permissions = "rwm"

    public init() {}
}
