/// What a container has used, read once from its cgroups and its network namespace.
public struct StatsSample: Sendable, Hashable {
    public var time = WallTime(nanoseconds: 0)
    /// Nanoseconds of processor time.
    public var cpuTotal: UInt64 = 0
    public var cpuUser: UInt64 = 0
    public var cpuSystem: UInt64 = 0
    /// Nanoseconds of processor time of the whole machine.
    public var machineCPU: UInt64 = 0
    public var onlineCPUs: Int = 1
    public var throttledPeriods: UInt64 = 0
    public var periods: UInt64 = 0
    public var throttledTime: UInt64 = 0
    /// Bytes.
    public var memoryUsage: UInt64 = 0
    public var memoryMaximumUsage: UInt64 = 0
    /// Bytes; the machine's memory when the container has no limit.
    public var memoryLimit: UInt64 = 0
    /// Bytes of page cache that is easily given back (`inactive_file`, on v1 `total_inactive_file`).
    public var memoryInactiveFile: UInt64 = 0
    /// Everything of memory.stat, by name.
    public var memoryDetails: [String: UInt64] = [:]
    public var pids: UInt64 = 0
    /// `nil` is no limit.
    public var pidsLimit: UInt64?
    public var blockReadBytes: UInt64 = 0
    public var blockWriteBytes: UInt64 = 0
    /// By interface, loopback left out.
    public var networks: [String: NetworkCounters] = [:]

    public init() {}

    /// Counters of one interface.
    public struct NetworkCounters: Sendable, Hashable {
        public var receivedBytes: UInt64 = 0
        public var receivedPackets: UInt64 = 0
        public var receivedErrors: UInt64 = 0
        public var receivedDropped: UInt64 = 0
        public var sentBytes: UInt64 = 0
        public var sentPackets: UInt64 = 0
        public var sentErrors: UInt64 = 0
        public var sentDropped: UInt64 = 0

        public init() {}
    }
}

/// The processes of a container, as ps(1) prints them.
public struct ProcessTable: Sendable, Hashable {
    public var titles: [String]
    public var processes: [[String]]

    public init(titles: [String], processes: [[String]]) {
        self.titles = titles
        self.processes = processes
    }
}

/// One path that differs from the image.
public struct PathChange: Sendable, Hashable {
    /// What happened to it, with the Engine API's numbers.
    public enum Kind: Int, Sendable, Hashable { case modified, added, deleted }

    public var kind: Kind
    public var path: String

    public init(kind: Kind, path: String) {
        self.kind = kind
        self.path = path
    }
}
