/// State and settings of a container at one moment, as every face of the supervisor shows them.
public struct ContainerSnapshot: Sendable, Hashable {
    /// Its identity.
    public var id: ContainerID
    /// Its present name.
    public var name: ContainerName
    /// Time of creation.
    public var created: WallTime
    /// Its specification.
    public var spec: ContainerSpec {
        _read { yield sharedSpec.value }
    }
    private let sharedSpec: Shared<ContainerSpec>
    /// Its state.
    public var state: StateSnapshot
    /// Automatic restarts since the last manual start.
    public var restartCount: Int
    /// Host paths of its files; empty until they are made.
    public var paths: PathsSnapshot
    /// IDs of its known exec instances.
    public var execIDs: [String]
    /// Sizes of its own layer, and of that with its image; `nil` unless requested.
    public var size: SizeSnapshot?
    /// Cause of its state: one sentence from the last decision.
    public var reason: String
    /// The init system's unit that makes its restarts; `nil` when the supervisor does.
    public var owner: InitUnit?

    /// A snapshot with empty details.
    public init(
        id: ContainerID, name: ContainerName, created: WallTime, spec: Shared<ContainerSpec>, state: StateSnapshot
    ) {
        self.id = id
        self.name = name
        self.created = created
        self.sharedSpec = spec
        self.state = state
        self.restartCount = 0
        self.paths = PathsSnapshot()
        self.execIDs = []
        self.size = nil
        self.reason = ""
    }
}

/// The state of a container in Docker's words.
public struct StateSnapshot: Sendable, Hashable {
    /// Docker's status words.
    public enum Status: String, Sendable, Hashable, CaseIterable {
        case created, running, paused, restarting, removing, exited, dead
    }

    /// The state, in Docker's word.
    public var status: Status
    /// True while running, paused or waiting for a restart.
    public var running: Bool
    /// Whether it is frozen.
    public var paused: Bool
    /// Whether it is waiting for a restart.
    public var restarting: Bool
    /// Whether the kernel killed a process of it for lack of memory.
    public var oomKilled: Bool
    /// Number of its first process; zero while none runs.
    public var pid: Int
    /// Exit code of the last run; zero while it runs.
    public var exitCode: Int
    /// Message of the last failed start.
    public var error: String
    /// Time of the last start; `nil` before the first.
    public var startedAt: WallTime?
    /// Time of the last end; `nil` before the first.
    public var finishedAt: WallTime?
    /// Its health; `nil` when it is not checked, or before the first run.
    public var health: HealthSnapshot?
    /// The user's stop in force; `nil` when there is none.
    public var userStop: UserStop?

    /// A state before the first run.
    public init(status: Status) {
        self.status = status
        self.running = false
        self.paused = false
        self.restarting = false
        self.oomKilled = false
        self.pid = 0
        self.exitCode = 0
        self.error = ""
        self.startedAt = nil
        self.finishedAt = nil
        self.health = nil
        self.userStop = nil
    }
}

/// Host paths of a container's files.
public struct PathsSnapshot: Sendable, Hashable {
    /// The newest file of its log.
    public var log = ""
    /// The file that it sees as /etc/hostname.
    public var hostname = ""
    /// The file that it sees as /etc/hosts.
    public var hosts = ""
    /// The file that it sees as /etc/resolv.conf.
    public var resolvConf = ""
    /// The image's layers, uppermost first.
    public var lowerDirectories: [String] = []
    /// The container's own layer.
    public var upperDirectory = ""
    /// The work directory of overlayfs, beside its own layer.
    public var workDirectory = ""
    /// Mount point of its root while it is mounted.
    public var mergedDirectory = ""
    /// The network namespace.
    public var sandbox = ""

    /// Paths that are all empty.
    public init() {}
}

/// Sizes of a container in bytes.
public struct SizeSnapshot: Sendable, Hashable {
    /// Size of its own layer.
    public var writable: Int64
    /// Size of its own layer and its image.
    public var rootfs: Int64

    /// Sizes of the layer alone and with the image.
    public init(writable: Int64, rootfs: Int64) {
        self.writable = writable
        self.rootfs = rootfs
    }
}

/// An exec instance at one moment.
public struct ExecSnapshot: Sendable, Hashable {
    /// Identity: 64 hexadecimal digits.
    public var id: String
    /// The container it runs in.
    public var containerID: ContainerID
    /// The process to run.
    public var spec: ExecSpec
    /// Whether it has started and not ended.
    public var running: Bool
    /// Exit code; `nil` until it has ended.
    public var exitCode: Int?
    /// Process number; zero while it does not run.
    public var pid: Int

    /// An instance that has not started.
    public init(id: String, containerID: ContainerID, spec: ExecSpec) {
        self.id = id
        self.containerID = containerID
        self.spec = spec
        self.running = false
        self.exitCode = nil
        self.pid = 0
    }
}

/// A process to run inside a running container.
public struct ExecSpec: Sendable, Hashable {
    /// The argument vector.
    public var arguments: [String] = []
    /// `KEY=value` pairs, added to the container's own environment.
    public var environment: [String] = []
    /// Working directory; empty is the container's.
    public var workingDirectory = ""
    /// `user[:group]`; empty is the container's.
    public var user = ""
    /// Whether it has a terminal.
    public var terminal = false
    /// Whether it has every capability.
    public var privileged = false
    /// Whether a client feeds its input.
    public var attachStdin = false
    /// Whether a client reads its output.
    public var attachStdout = false
    /// Whether a client reads its errors.
    public var attachStderr = false
    /// Keys that detach; empty is ctrl-p ctrl-q.
    public var detachKeys = ""
    /// Rows of the terminal; zero leaves them.
    public var consoleHeight = 0
    /// Columns of the terminal; zero leaves them.
    public var consoleWidth = 0

    /// A process with every field empty.
    public init() {}
}
