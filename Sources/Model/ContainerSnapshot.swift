/// What a container is at one moment, as every face of the supervisor shows it.
public struct ContainerSnapshot: Sendable, Hashable {
    public var id: ContainerID
    public var name: ContainerName
    public var created: WallTime
    public var spec: ContainerSpec
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

    /// A snapshot with empty details.
    public init(id: ContainerID, name: ContainerName, created: WallTime, spec: ContainerSpec, state: StateSnapshot) {
        self.id = id
        self.name = name
        self.created = created
        self.spec = spec
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

    public var status: Status
    /// True while running, paused or waiting for a restart.
    public var running: Bool
    public var paused: Bool
    public var restarting: Bool
    public var oomKilled: Bool
    /// Zero while no process runs.
    public var pid: Int
    public var exitCode: Int
    /// The text of the last failed start.
    public var error: String
    /// `nil` when it never started.
    public var startedAt: WallTime?
    /// `nil` when it never ended.
    public var finishedAt: WallTime?

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
    }
}

/// Host paths of a container's files.
public struct PathsSnapshot: Sendable, Hashable {
    public var log = ""
    public var hostname = ""
    public var hosts = ""
    public var resolvConf = ""
    public var lowerDirectories: [String] = []
    public var upperDirectory = ""
    public var workDirectory = ""
    public var mergedDirectory = ""
    /// The network namespace.
    public var sandbox = ""

    public init() {}
}

/// Sizes in bytes.
public struct SizeSnapshot: Sendable, Hashable {
    public var writable: Int64
    public var rootfs: Int64

    public init(writable: Int64, rootfs: Int64) {
        self.writable = writable
        self.rootfs = rootfs
    }
}

/// An exec instance at one moment.
public struct ExecSnapshot: Sendable, Hashable {
    public var id: String
    public var containerID: ContainerID
    public var spec: ExecSpec
    public var running: Bool
    /// `nil` until it has ended.
    public var exitCode: Int?
    /// Zero while it does not run.
    public var pid: Int

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
public struct ExecSpec: Sendable, Hashable, Codable {
    public var arguments: [String] = []
    /// Added to the container's own environment.
    public var environment: [String] = []
    /// Empty is the container's.
    public var workingDirectory = ""
    /// Empty is the container's.
    public var user = ""
    public var terminal = false
    public var privileged = false
    public var attachStdin = false
    public var attachStdout = false
    public var attachStderr = false
    public var detachKeys = ""
    public var consoleHeight = 0
    public var consoleWidth = 0

    public init() {}
}
