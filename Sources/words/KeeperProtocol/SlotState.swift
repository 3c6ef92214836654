/// What a slot's process is to the engine; the keeper only remembers it.
public enum SlotKind: UInt8, Equatable, Sendable {
    /// The first process of a container.
    case container = 1
    /// A process run in a container beside its first.
    case exec = 2
    /// A program that works for the engine, such as the archive program or an OCI runtime.
    case program = 3
}

/// How far a slot's process has come.
public enum SlotPhase: UInt8, Equatable, Sendable {
    /// Cloned, not yet executing its program.
    case starting = 1
    /// Executing its program.
    case running = 2
    /// Ended and reaped; the status waits to be forgotten.
    case exited = 3
    /// Never executed its program; the failure waits to be forgotten.
    case failed = 4
}

/// A pair of clock readings taken together.
public struct Reading: Equatable, Sendable {
    /// CLOCK_BOOTTIME in nanoseconds.
    public var monotonic: Int64
    /// CLOCK_REALTIME in nanoseconds since 1970.
    public var wall: Int64

    /// A pair of readings in nanoseconds.
    public init(monotonic: Int64 = 0, wall: Int64 = 0) {
        self.monotonic = monotonic
        self.wall = wall
    }
}

/// How a process ended and what it used, as wait4(2) tells it.
public struct ExitRecord: Equatable, Sendable {
    /// The status of a process that ended while nobody could learn how: wait(2) gives this word to no end of a process.
    public static let unknownStatus: Int32 = 0x7F

    /// The wait status word, or `unknownStatus`.
    public var status: Int32
    /// Time in user mode in nanoseconds, reaped children included.
    public var userTime: Int64
    /// Time in the kernel in nanoseconds, reaped children included.
    public var systemTime: Int64
    /// The largest resident set in KiB.
    public var maximumResident: Int64
    /// When the keeper reaped it.
    public var at: Reading

    /// A record; all fields zero by default.
    public init(
        status: Int32 = 0, userTime: Int64 = 0, systemTime: Int64 = 0, maximumResident: Int64 = 0,
        at: Reading = Reading()
    ) {
        self.status = status
        self.userTime = userTime
        self.systemTime = systemTime
        self.maximumResident = maximumResident
        self.at = at
    }
}

/// Everything the keeper knows of a slot, as it hands it over to a new engine.
public struct SlotState: Equatable, Sendable {
    /// The number the engine gave the slot.
    public var slot: UInt64
    /// What the process is to the engine.
    public var kind: SlotKind
    /// The identity that the engine gave the slot.
    public var key: SlotKey
    /// How far the process has come.
    public var phase: SlotPhase
    /// The process in the keeper's PID namespace; zero when there never was one.
    public var pid: Int32
    /// When it began to execute its program; zero before that.
    public var spawned: Reading
    /// The end, in phase `exited`.
    public var exit: ExitRecord
    /// The failure, in phase `failed`.
    public var failure: LaunchFailure

    /// A state of a slot.
    public init(
        slot: UInt64, kind: SlotKind, key: SlotKey, phase: SlotPhase, pid: Int32, spawned: Reading = Reading(),
        exit: ExitRecord = ExitRecord(), failure: LaunchFailure = LaunchFailure()
    ) {
        self.slot = slot
        self.kind = kind
        self.key = key
        self.phase = phase
        self.pid = pid
        self.spawned = spawned
        self.exit = exit
        self.failure = failure
    }
}
