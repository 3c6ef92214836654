public import LaunchPlan
public import Linux
public import Model

/// Everything that making a container's process needs beside its specification.
public struct LaunchContext: Sendable {
    /// The container.
    public var id: ContainerID
    /// Its specification, already merged with the image's configuration.
    public var spec: ContainerSpec
    /// Where its root file system comes from.
    public var rootfs: RootfsSource
    /// Its own directory for files of the present boot (namespaces, bundles), below the exec root: small ones, which nothing inside
    /// can make larger, as the exec root is on a small file system that all of the host needs.
    public var runDirectory: String
    /// Its own directory on the file system that holds its data, for what it may write to (/etc/hosts and the like). Empty is the
    /// run directory.
    public var dataDirectory = ""
    /// Where /etc/hosts, /etc/hostname and /etc/resolv.conf of the container lie.
    public var filesDirectory: String { dataDirectory.isEmpty ? runDirectory : dataDirectory }
    /// Where its network namespace is bound, when it has one of its own.
    var networkPath: String { runDirectory + "/netns" }
    /// The built keeper, bound into containers that want an init. Empty when there is none.
    public var initPath = ""
    /// The control group of a unit of an init system that the container's own is made in; `nil` for the place that the
    /// specification or the host says.
    public var delegatedGroup: String?
    /// The processes whose namespaces are shared by `container:ID` modes.
    public var shared = SharedNamespaces()

    /// A context with what every container needs.
    public init(id: ContainerID, spec: ContainerSpec, rootfs: RootfsSource, runDirectory: String) {
        self.id = id
        self.spec = spec
        self.rootfs = rootfs
        self.runDirectory = runDirectory
    }
}

/// Where a root file system comes from.
public enum RootfsSource: Hashable, Sendable {
    /// An overlay over image layers, top layer first; `directory` gets `diff`, `work` and `merged`.
    case overlay(layers: [String], directory: String)
    /// A directory as it is.
    case directory(String)
    /// None: the `host` runtime without an image.
    case host

    /// The path that becomes `/`.
    public var path: String {
        switch self {
        case .overlay(_, let directory): directory + "/merged"
        case .directory(let path): path
        case .host: "/"
        }
    }

    /// The container's own changes, for `diff`; nothing for the other kinds.
    public var changes: String? {
        switch self {
        case .overlay(_, let directory): directory + "/diff"
        case .directory, .host: nil
        }
    }
}

/// Namespaces of another running container, for `--network|ipc|pid container:ID`.
public struct SharedNamespaces: Sendable {
    /// A file of the network namespace.
    public var network: NetworkNamespace?
    /// A descriptor of the IPC namespace file (`/proc/PID/ns/ipc`).
    public var ipc: SharedDescriptor?
    /// The same as a path, for OCI runtimes.
    public var ipcPath: String?
    /// What is bound at /dev/shm when its IPC is shared: a path where the engine mounts, or the host's /dev/shm.
    public var shmPath: String?
    /// A pidfd of the other's first process.
    public var pid: SharedDescriptor?
    /// Its PID namespace file (`/proc/PID/ns/pid`), for OCI runtimes.
    public var pidPath: String?

    /// As the name says.
    public init() {}
}

/// A container whose root file system, namespaces, files and control group stand ready. It stays valid between runs
/// until `release`.
public struct PreparedContainer: Sendable {
    /// What it was made from.
    public var context: LaunchContext
    /// The path that becomes `/` in it.
    public var rootfs: String
    /// Its control group; none on hosts without any.
    public var cgroup: Cgroup?
    /// Its own network namespace, when it has one.
    public var network: NetworkNamespace?
    /// Who its process is.
    public var identity: UserIdentity
    /// What the host could not do, in Docker's words.
    public var warnings: [String]
    /// What becomes of its system calls, once that was made; its runs share it.
    public var filter: SystemCallFilter?

    /// A container by its parts.
    public init(
        context: LaunchContext, rootfs: String, cgroup: Cgroup?, network: NetworkNamespace?, identity: UserIdentity,
        warnings: [String]
    ) {
        self.context = context
        self.rootfs = rootfs
        self.cgroup = cgroup
        self.network = network
        self.identity = identity
        self.warnings = warnings
    }
}

extension PreparedContainer {
    /// Takes what the next run joins, looked up for it: the other container may have begun another run since.
    public mutating func join(_ shared: SharedNamespaces) {
        context.shared = shared
        if context.spec.network.mode.partner != nil { network = shared.network }
    }
}

/// A plan with the descriptors it indexes: what the keeper needs for one process.
public struct LaunchRequest: Sendable {
    /// The operations.
    public var plan: Plan
    /// In the order of the plan's indices.
    public var descriptors: [SharedDescriptor]
    /// What the host cannot do, in Docker's words.
    public var warnings: [String]

    /// A request by its parts.
    public init(plan: Plan, descriptors: [SharedDescriptor] = [], warnings: [String] = []) {
        self.plan = plan
        self.descriptors = descriptors
        self.warnings = warnings
    }
}

/// A further process in a running container.
public struct ExecContext: Sendable {
    /// The argument vector.
    public var arguments: [String]
    /// Added to the container's environment, replacing by name.
    public var environment: [String] = []
    /// `user[:group]`; empty is the container's own.
    public var user = ""
    /// Empty is the container's own.
    public var workingDirectory = ""
    /// Whether it has a terminal.
    public var terminal = false
    /// All capabilities the host has. What else confines the container stays, its system call filter among it, as with Docker
    /// (moby issue 21984).
    public var privileged = false
    /// What becomes of its system calls, once that was made.
    public var filter: SystemCallFilter?
    /// A pidfd of the container's first process.
    public var container: SharedDescriptor

    /// A process to run beside the container's first one.
    public init(arguments: [String], container: SharedDescriptor) {
        self.arguments = arguments
        self.container = container
    }
}
