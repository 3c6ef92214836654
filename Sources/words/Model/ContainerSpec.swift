/// Specification of a container. It never changes after creation, but for the few fields that `update` may replace (`restart` and
/// `resources`).
///
/// The words are those of the Docker Engine API (v1.47). A value that Docker leaves out is `nil` or empty here; the runtime's
/// defaults are applied where the launch plan is made.
public struct ContainerSpec: Hashable, Sendable {
    /// The image as the user named it.
    public var image = ""
    /// The image's content digest, `sha256:…`; empty with the `host` runtime and no image.
    public var imageID = ""
    /// Its first process.
    public var process = ProcessSpec()
    /// Host name; empty is the first twelve digits of its identity.
    public var hostname = ""
    /// NIS domain name; empty is none.
    public var domainname = ""
    /// Labels of the user, kept exactly.
    public var labels = TextMap()
    /// Annotations for an OCI runtime.
    public var annotations = TextMap()
    /// Signal of `stop`; `nil` is TERM.
    public var stopSignal: Signal?
    /// `stopSignal` as the request or the image spelled it; empty is its name with `SIG`.
    public var stopSignalText = ""
    /// Seconds between the stop signal and KILL; a negative number waits for ever, `nil` is the supervisor's default of 10.
    public var stopTimeout: Int?
    /// Health check; `nil` is the image's.
    public var healthcheck: HealthcheckSpec?
    /// Policy of automatic restarts.
    public var restart = RestartPolicy.no
    /// Whether it is removed when it ends (`--rm`).
    public var autoRemove = false
    /// Destination of its output.
    public var logging = LogSpec()
    /// Mounts, in the order of mounting.
    public var mounts: [MountSpec] = []
    /// Places for which the image wants a volume (`VOLUME`), as it spells them.
    public var imageVolumes: [String] = []
    /// Its networks, ports and names.
    public var network = NetworkSpec()
    /// Namespaces shared with others.
    public var namespaces = NamespaceSpec()
    /// Privileges.
    public var security = SecuritySpec()
    /// Limits and devices.
    public var resources = ResourceSpec()
    /// Runtime that makes its processes.
    public var runtime = RuntimeName.unset
    /// Whether an init reaps and forwards as PID 1 of the container; `nil` is the supervisor's default.
    public var initProcess: Bool?
    /// Path of `--cidfile`, only shown.
    public var containerIDFile = ""
    /// Members of the request that inspect gives back as they were said, as the text of a JSON object by member; empty when all of
    /// them follow from the other fields.
    public var words = ""

    /// An empty specification.
    public init() {}

    /// The places of `imageVolumes` at which nothing is mounted, clean and each once; never the root.
    public var unmountedVolumes: [String] {
        var seen = Set(mounts.map { Array($0.target.utf8) })
        seen.insert(Array("/".utf8))
        return imageVolumes.map(ContainerPath.cleaned).filter { seen.insert(Array($0.utf8)).inserted }
    }

    /// Sets the signal of `stop`, and how it was spelled.
    public mutating func spell(stopSignal signal: Signal, _ text: String) {
        stopSignal = signal
        stopSignalText = text == signal.description ? "" : text
    }
}

/// The process to run, from image and request together.
public struct ProcessSpec: Hashable, Sendable {
    /// The entrypoint; `nil` when neither request nor image named one, as inspect shows the difference.
    public var entrypoint: [String]?
    /// The arguments after the entrypoint.
    public var command: [String]?
    /// `KEY=value` pairs: the image's first, replaced by key by the request's.
    public var environment: [String] = []
    /// Working directory; empty is `/`.
    public var workingDirectory = ""
    /// User as `user[:group]`, by name or number; empty is root.
    public var user = ""
    /// Groups beside the user's own, by name or number.
    public var additionalGroups: [String] = []
    /// Whether it has a terminal (`-t`).
    public var terminal = false
    /// Whether its input stays open (`-i`).
    public var openStdin = false
    /// Whether its input closes when the first attached client leaves.
    public var stdinOnce = false
    /// Whether the creating client announced to attach to stdin; only shown.
    public var attachStdin = false
    /// As `attachStdin`, for stdout.
    public var attachStdout = false
    /// As `attachStdin`, for stderr.
    public var attachStderr = false
    /// Rows of the terminal at the start; zero leaves them.
    public var consoleHeight = 0
    /// Columns of the terminal at the start; zero leaves them.
    public var consoleWidth = 0
    /// Shell of images that name one; not used.
    public var shell: [String] = []

    /// Empty or default in every field.
    public init() {}

    /// The argument vector: entrypoint and command together.
    public var arguments: [String] { (entrypoint ?? []) + (command ?? []) }
}

/// A health check as Docker writes it. Times are in nanoseconds; zero inherits the default.
public struct HealthcheckSpec: Hashable, Sendable {
    /// The command: `NONE`, `CMD …` or `CMD-SHELL …`.
    public var test: [String] = []
    /// Time between two checks.
    public var interval: Int64 = 0
    /// Time after which a check has failed.
    public var timeout: Int64 = 0
    /// Time from the start in which failures do not count.
    public var startPeriod: Int64 = 0
    /// Time between two checks within `startPeriod`.
    public var startInterval: Int64 = 0
    /// Number of failures in a row that make it unhealthy.
    public var retries = 0

    /// Empty or default in every field.
    public init() {}
}

/// Destination of a container's output.
public struct LogSpec: Hashable, Sendable {
    /// Log driver; `nil` is the supervisor's default.
    public var driver: LogDriver?
    /// Options by driver: `max-size`, `max-file` and others.
    public var options = TextMap()

    /// Empty or default in every field.
    public init() {}
}

/// A mount of the container.
public struct MountSpec: Hashable, Sendable {
    /// The option it came from, so that inspect shows it in the same place.
    public enum Origin: String, Hashable, Sendable, CaseIterable { case binds, mounts, tmpfs, imageVolume }

    /// The option it came from.
    public var origin = Origin.binds
    /// Its source.
    public var source = MountSource.bind(path: "")
    /// Absolute path inside the container.
    public var target = ""
    /// Whether it refuses writing.
    public var readOnly = false
    /// Whether what is mounted below a bind's source can be written to although the bind itself cannot.
    public var readOnlyAlone = false
    /// Whether a start is refused where the kernel cannot make what is mounted below it read-only too.
    public var forcesReadOnly = false
    /// Propagation: `rprivate` (default), `private`, `rshared`, `shared`, `rslave`, `slave`.
    public var propagation = ""
    /// Whether a bind mount leaves out the mounts below its source.
    public var nonRecursive = false
    /// Whether a missing host directory is made: `-v` does, `--mount` does not.
    public var createSource = false
    /// Options as typed: those after the second colon of `-v`, or those of `--tmpfs`, or `TmpfsOptions.Options` joined by commas.
    public var options = ""
    /// Size of a tmpfs in bytes; zero is no bound.
    public var tmpfsSize: Int64 = 0
    /// Permission bits of a tmpfs; zero is 01777.
    public var tmpfsMode: UInt32 = 0

    /// Empty or default in every field.
    public init() {}
}

/// Networks, ports and names. Only the modes `none`, `host` and `container` are built yet.
public struct NetworkSpec: Hashable, Sendable {
    /// The network it is in.
    public var mode = NetworkMode.unset
    /// Whether there is no network at all.
    public var disabled = false
    /// MAC address; empty leaves it to the network.
    public var macAddress = ""
    /// Exposed ports, such as `80/tcp`.
    public var exposedPorts: [String] = []
    /// Published ports, by exposed port.
    public var portBindings: [String: [PortBinding]] = [:]
    /// Whether all exposed ports are published on free ports of the host.
    public var publishAll = false
    /// Addresses of name servers.
    public var dns: [String] = []
    /// Options of resolv.conf.
    public var dnsOptions: [String] = []
    /// Domains to search.
    public var dnsSearch: [String] = []
    /// `NAME:ADDRESS` lines for /etc/hosts.
    public var extraHosts: [String] = []
    /// Links of Docker's; they are shown, and order the starts.
    public var links: [String] = []

    /// A host address and port.
    public struct PortBinding: Hashable, Sendable {
        /// Address of the host; empty is every address.
        public var hostIP = ""
        /// Port of the host; empty is any free one.
        public var hostPort = ""

        /// Empty or default in every field.
        public init() {}
    }

    /// Empty or default in every field.
    public init() {}
}

/// Namespaces shared with the host or another container.
public struct NamespaceSpec: Hashable, Sendable {
    /// Namespace of System V IPC and POSIX message queues.
    public var ipc = IPCMode.unset
    /// Namespace of process numbers.
    public var pid = NamespaceMode.unset
    /// Namespace of host and domain name.
    public var uts = NamespaceMode.unset
    /// Namespace of user and group numbers.
    public var user = NamespaceMode.unset
    /// Namespace of the control groups' view.
    public var cgroup = NamespaceMode.unset

    /// Empty or default in every field.
    public init() {}
}

/// Privileges of the container.
public struct SecuritySpec: Hashable, Sendable {
    /// Whether it may do everything that the host may.
    public var privileged = false
    /// Capabilities added: names with or without `CAP_`, or `ALL`.
    public var capAdd: [String] = []
    /// Capabilities taken away, in the form of `capAdd`.
    public var capDrop: [String] = []
    /// Options as typed: `no-new-privileges[:true|false]`, `seccomp=unconfined`, `seccomp=JSON`, `apparmor=…`, `label=…`,
    /// `systempaths=unconfined`.
    public var options: [String] = []
    /// Whether its root file system refuses writing.
    public var readonlyRootfs = false
    /// Hidden paths; `nil` is the default list.
    public var maskedPaths: [String]?
    /// Paths that refuse writing; `nil` is the default list.
    public var readonlyPaths: [String]?
    /// Kernel parameters of its namespaces, by dotted name.
    public var sysctls = TextMap()
    /// oom_score_adj, −1000 to 1000.
    public var oomScoreAdjust = 0

    /// Empty or default in every field.
    public init() {}
}

/// Limits and devices of a container; zero is no limit unless stated otherwise.
public struct ResourceSpec: Hashable, Sendable {
    /// Memory in bytes.
    public var memory: Int64 = 0
    /// Soft limit of memory in bytes, in effect under pressure only (memory.low; memory.soft_limit_in_bytes of v1).
    public var memoryReservation: Int64 = 0
    /// Memory and swap together in bytes; −1 is unlimited swap.
    public var memorySwap: Int64 = 0
    /// Swappiness, 0 to 100; `nil` is the kernel's default.
    public var memorySwappiness: Int64?
    /// Whether the kernel does not kill for lack of memory; cgroup v1 only.
    public var oomKillDisable: Bool?
    /// Processor time in billionths of a processor.
    public var nanoCPUs: Int64 = 0
    /// Weight of processor time, 2 to 262144; the default is 1024.
    public var cpuShares: Int64 = 0
    /// Period of `cpuQuota` in microseconds.
    public var cpuPeriod: Int64 = 0
    /// Processor time within a period in microseconds.
    public var cpuQuota: Int64 = 0
    /// Processors it may use, such as `0-3,6`.
    public var cpusetCPUs = ""
    /// Memory nodes it may use, such as `0-1`.
    public var cpusetMems = ""
    /// Weight of block I/O, 10 to 1000.
    public var blkioWeight: UInt16 = 0
    /// Number of processes and threads; `nil`, 0 or −1 is no limit.
    public var pidsLimit: Int64?
    /// Limits of setrlimit(2).
    public var ulimits: [Ulimit] = []
    /// Devices of the host.
    public var devices: [DeviceSpec] = []
    /// Device rules as typed, such as `c 1:3 rwm`.
    public var deviceCgroupRules: [String] = []
    /// Parent control group; empty is the supervisor's own.
    public var cgroupParent = ""
    /// Size of /dev/shm in bytes; zero is 64 MiB.
    public var shmSize: Int64 = 0

    /// Empty or default in every field.
    public init() {}
}

/// A resource limit of setrlimit(2); −1 is unlimited.
public struct Ulimit: Hashable, Sendable {
    /// Name without `RLIMIT_`, in lower case: `nofile`.
    public var name = ""
    /// The limit in force.
    public var soft: Int64 = 0
    /// The limit up to which the process may raise `soft`.
    public var hard: Int64 = 0

    /// Empty or default in every field.
    public init() {}
}

/// A device of the host made visible in the container.
public struct DeviceSpec: Hashable, Sendable {
    /// Device node of the host.
    public var pathOnHost = ""
    /// Path in the container.
    public var pathInContainer = ""
    /// Access: letters of `rwm`.
    public var permissions = "rwm"

    /// Empty or default in every field.
    public init() {}
}
