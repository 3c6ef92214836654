/// What a container is at one moment, as every face of the supervisor shows it.
public struct ContainerSnapshot: Sendable, Hashable {
    /// Its identity.
    public var id: ContainerID
    /// Its present name.
    public var name: ContainerName
    /// When it was created.
    public var created: WallTime
    /// What it was asked to be.
    public var spec: ContainerSpec {
        _read { yield sharedSpec.value }
    }
    private let sharedSpec: Shared<ContainerSpec>
    /// What it is doing.
    public var state: StateSnapshot
    /// Automatic restarts since the last manual start.
    public var restartCount: Int
    /// Host paths of what was made for the container; empty while nothing was.
    public var paths: PathsSnapshot
    /// The IDs of the exec instances that are known.
    public var execIDs: [String]
    /// Bytes written in the container's own layer, and with its image; `nil` unless they were asked for.
    public var size: SizeSnapshot?
    /// Why it is in this state: one sentence from the last decision.
    public var reason: String
    /// The unit of an init system that makes its restarts; `nil` when the supervisor does.
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

    /// The word of Docker's for it.
    public var status: Status
    /// True while running, paused or waiting for a restart.
    public var running: Bool
    /// Whether it is frozen.
    public var paused: Bool
    /// Whether it waits for a restart.
    public var restarting: Bool
    /// Whether the kernel killed a process of it for lack of memory.
    public var oomKilled: Bool
    /// Zero while no process runs.
    public var pid: Int
    /// Of the last run; zero while it runs.
    public var exitCode: Int
    /// The text of the last failed start.
    public var error: String
    /// `nil` when it never started.
    public var startedAt: WallTime?
    /// `nil` when it never ended.
    public var finishedAt: WallTime?
    /// `nil` when its health is not checked, or it never ran.
    public var health: HealthSnapshot?
    /// The user's stop that holds; `nil` when there is none.
    public var userStop: UserStop?

    /// A state that never ran.
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
    /// What it sees as /etc/hostname.
    public var hostname = ""
    /// What it sees as /etc/hosts.
    public var hosts = ""
    /// What it sees as /etc/resolv.conf.
    public var resolvConf = ""
    /// The image's layers, uppermost first.
    public var lowerDirectories: [String] = []
    /// Its own layer.
    public var upperDirectory = ""
    /// What overlayfs needs beside its own layer.
    public var workDirectory = ""
    /// Where its root is mounted while it is.
    public var mergedDirectory = ""
    /// The network namespace.
    public var sandbox = ""

    /// A value from its parts; the rest is empty.
    public init() {}
}

/// Sizes in bytes.
public struct SizeSnapshot: Sendable, Hashable {
    /// Of its own layer.
    public var writable: Int64
    /// Of its own layer and its image.
    public var rootfs: Int64

    /// A value from its parts; the rest is empty.
    public init(writable: Int64, rootfs: Int64) {
        self.writable = writable
        self.rootfs = rootfs
    }
}

/// An exec instance at one moment.
public struct ExecSnapshot: Sendable, Hashable {
    /// 64 hexadecimal digits.
    public var id: String
    /// The container it runs in.
    public var containerID: ContainerID
    /// What was asked to run.
    public var spec: ExecSpec
    /// Whether it has started and not ended.
    public var running: Bool
    /// `nil` until it has ended.
    public var exitCode: Int?
    /// Zero while it does not run.
    public var pid: Int

    /// A value from its parts; the rest is empty.
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
    /// Added to the container's own environment.
    public var environment: [String] = []
    /// Empty is the container's.
    public var workingDirectory = ""
    /// Empty is the container's.
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
    /// Empty is ctrl-p ctrl-q.
    public var detachKeys = ""
    /// Rows of the terminal; zero leaves it.
    public var consoleHeight = 0
    /// Columns of the terminal; zero leaves it.
    public var consoleWidth = 0

    /// A value from its parts; the rest is empty.
    public init() {}
}
