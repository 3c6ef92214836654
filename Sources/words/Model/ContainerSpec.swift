/// Everything a container was asked to be. It never changes after creation, but for the few fields that
/// `update` may replace (`restart` and `resources`).
///
/// The words are those of the Docker Engine API (v1.47); a value that Docker leaves out is `nil` or empty
/// here, and the defaults of the runtime are applied where the launch plan is made, not here.
public struct ContainerSpec: Hashable, Sendable {
    /// The image as the user named it.
    public var image = ""
    /// The image's content digest, `sha256:…`; empty with the `host` runtime and no image.
    public var imageID = ""
    /// What runs in it.
    public var process = ProcessSpec()
    /// Empty is the first twelve digits of its identity.
    public var hostname = ""
    /// Empty is none.
    public var domainname = ""
    /// The words of the user, kept exactly.
    public var labels: [String: String] = [:]
    /// Handed to an OCI runtime.
    public var annotations: [String: String] = [:]
    /// What `stop` sends; `nil` is TERM.
    public var stopSignal: Signal?
    /// Seconds between the stop signal and KILL; negative waits for ever; `nil` is the supervisor's default of 10.
    public var stopTimeout: Int?
    /// `nil` is the image's.
    public var healthcheck: HealthcheckSpec?
    /// When it is started again.
    public var restart = RestartPolicy.no
    /// Whether it is removed when it ends (`--rm`).
    public var autoRemove = false
    /// Where its output goes.
    public var logging = LogSpec()
    /// In the order in which they are mounted.
    public var mounts: [MountSpec] = []
    /// Its networks, ports and names.
    public var network = NetworkSpec()
    /// Which namespaces it shares.
    public var namespaces = NamespaceSpec()
    /// What it may do.
    public var security = SecuritySpec()
    /// How much it may use.
    public var resources = ResourceSpec()
    /// What makes its processes.
    public var runtime = RuntimeName.unset
    /// Whether an init reaps and forwards as PID 1 of the container; `nil` is the supervisor's default.
    public var initProcess: Bool?
    /// `--cidfile`, kept only to be shown.
    public var containerIDFile = ""

    /// An empty specification.
    public init() {}
}

/// The process to run, as image and request together say.
public struct ProcessSpec: Hashable, Sendable {
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
    /// By name or number.
    public var additionalGroups: [String] = []
    /// Whether it has a terminal (`-t`).
    public var terminal = false
    /// Whether its input stays open (`-i`).
    public var openStdin = false
    /// Whether its input is closed when the first client that attached to it leaves.
    public var stdinOnce = false
    /// What the creating client said it would attach to; only shown.
    public var attachStdin = false
    /// As `attachStdin`.
    public var attachStdout = false
    /// As `attachStdin`.
    public var attachStderr = false
    /// Rows and columns of the terminal at the start; zero is unset.
    public var consoleHeight = 0
    /// Columns of the terminal at the start; zero leaves it.
    public var consoleWidth = 0
    /// Kept for images that have it; not used.
    public var shell: [String] = []

    /// Empty or default in every field.
    public init() {}

    /// Entry point and command together: the argument vector.
    public var arguments: [String] { (entrypoint ?? []) + (command ?? []) }
}

/// A health check as Docker writes it; times in nanoseconds, zero inherits the default.
public struct HealthcheckSpec: Hashable, Sendable {
    /// `NONE`, `CMD …` or `CMD-SHELL …`.
    public var test: [String] = []
    /// Between two checks.
    public var interval: Int64 = 0
    /// After which a check has failed.
    public var timeout: Int64 = 0
    /// In which failures do not count.
    public var startPeriod: Int64 = 0
    /// Between two checks within `startPeriod`.
    public var startInterval: Int64 = 0
    /// Failures in a row until it is unhealthy.
    public var retries = 0

    /// Empty or default in every field.
    public init() {}
}

/// Where the output goes.
public struct LogSpec: Hashable, Sendable {
    /// `nil` is the supervisor's default.
    public var driver: LogDriver?
    /// `max-size`, `max-file` and others by driver.
    public var options: [String: String] = [:]

    /// Empty or default in every field.
    public init() {}
}

/// One thing mounted into the container.
public struct MountSpec: Hashable, Sendable {
    /// What kind of source it has.
    public enum Kind: String, Hashable, Sendable, CaseIterable { case bind, tmpfs, volume }

    /// How it was asked for, so that inspect shows it in the same place.
    public enum Origin: String, Hashable, Sendable, CaseIterable { case binds, mounts, tmpfs, imageVolume }

    /// What is mounted.
    public var kind = Kind.bind
    /// How it was asked for.
    public var origin = Origin.binds
    /// Host path of a bind mount; name of a volume; empty for tmpfs.
    public var source = ""
    /// Absolute path inside the container.
    public var target = ""
    /// Whether writing is refused.
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

    /// Empty or default in every field.
    public init() {}
}

/// Networks, ports and names. Only the modes `none`, `host` and `container` are built yet.
public struct NetworkSpec: Hashable, Sendable {
    /// Which network it is in.
    public var mode = NetworkMode.unset
    /// Whether there is no network at all.
    public var disabled = false
    /// Empty lets the network choose.
    public var macAddress = ""
    /// `80/tcp` and the like.
    public var exposedPorts: [String] = []
    /// By exposed port.
    public var portBindings: [String: [PortBinding]] = [:]
    /// Whether all exposed ports are published on ports of the host that are free.
    public var publishAll = false
    /// Addresses of name servers.
    public var dns: [String] = []
    /// Options of resolv.conf.
    public var dnsOptions: [String] = []
    /// Domains to search.
    public var dnsSearch: [String] = []
    /// `NAME:ADDRESS` lines for /etc/hosts.
    public var extraHosts: [String] = []
    /// Kept only to be shown.
    public var links: [String] = []

    /// A host address and port.
    public struct PortBinding: Hashable, Sendable {
        /// Empty is every address.
        public var hostIP = ""
        /// Empty is one that is free.
        public var hostPort = ""

        /// Empty or default in every field.
        public init() {}
    }

    /// Empty or default in every field.
    public init() {}
}

/// Which namespaces are shared with the host or another container.
public struct NamespaceSpec: Hashable, Sendable {
    /// System V IPC and POSIX message queues.
    public var ipc = IPCMode.unset
    /// Process numbers.
    public var pid = NamespaceMode.unset
    /// Host and domain name.
    public var uts = NamespaceMode.unset
    /// User and group numbers.
    public var user = NamespaceMode.unset
    /// The view of the control groups.
    public var cgroup = NamespaceMode.unset

    /// Empty or default in every field.
    public init() {}
}

/// What the container may do.
public struct SecuritySpec: Hashable, Sendable {
    /// Everything the host may do.
    public var privileged = false
    /// Names with or without `CAP_`, or `ALL`.
    public var capAdd: [String] = []
    /// As `capAdd`, taken away.
    public var capDrop: [String] = []
    /// `no-new-privileges[:true|false]`, `seccomp=unconfined`, `seccomp=JSON`, `apparmor=…`, `label=…`,
    /// `systempaths=unconfined`, as typed.
    public var options: [String] = []
    /// Whether its root file system refuses writing.
    public var readonlyRootfs = false
    /// `nil` is the default list.
    public var maskedPaths: [String]?
    /// `nil` is the default list.
    public var readonlyPaths: [String]?
    /// Kernel parameters of its namespaces, by dotted name.
    public var sysctls: [String: String] = [:]
    /// −1000 to 1000.
    public var oomScoreAdjust = 0

    /// Empty or default in every field.
    public init() {}
}

/// Limits; zero is no limit unless said otherwise.
public struct ResourceSpec: Hashable, Sendable {
    /// Bytes.
    public var memory: Int64 = 0
    /// Bytes.
    public var memoryReservation: Int64 = 0
    /// Memory and swap together in bytes; −1 is unlimited swap.
    public var memorySwap: Int64 = 0
    /// 0 to 100; `nil` is the kernel's default.
    public var memorySwappiness: Int64?
    /// cgroup v1 only.
    public var oomKillDisable: Bool?
    /// Billionths of a processor.
    public var nanoCPUs: Int64 = 0
    /// 2 to 262144; the default is 1024.
    public var cpuShares: Int64 = 0
    /// Microseconds.
    public var cpuPeriod: Int64 = 0
    /// Microseconds.
    public var cpuQuota: Int64 = 0
    /// A list of processors, `0-3,6`.
    public var cpusetCPUs = ""
    /// A list of memory nodes.
    public var cpusetMems = ""
    /// 10 to 1000.
    public var blkioWeight: UInt16 = 0
    /// `nil`, 0 or −1 is no limit.
    public var pidsLimit: Int64?
    /// Limits of setrlimit(2).
    public var ulimits: [Ulimit] = []
    /// Devices of the host.
    public var devices: [DeviceSpec] = []
    /// `c 1:3 rwm` and the like, as typed.
    public var deviceCgroupRules: [String] = []
    /// Empty is the supervisor's own.
    public var cgroupParent = ""
    /// Bytes of /dev/shm; zero is 64 MiB.
    public var shmSize: Int64 = 0

    /// Empty or default in every field.
    public init() {}
}

/// One resource limit by its name in setrlimit(2) without `RLIMIT_`, in lower case; −1 is unlimited.
public struct Ulimit: Hashable, Sendable {
    /// `nofile` and the like.
    public var name = ""
    /// What holds.
    public var soft: Int64 = 0
    /// To what the process may raise it.
    public var hard: Int64 = 0

    /// Empty or default in every field.
    public init() {}
}

/// A device of the host made visible in the container.
public struct DeviceSpec: Hashable, Sendable {
    /// A device node.
    public var pathOnHost = ""
    /// Where it appears.
    public var pathInContainer = ""
    /// Letters of `rwm`.
    public var permissions = "rwm"

    /// Empty or default in every field.
    public init() {}
}
