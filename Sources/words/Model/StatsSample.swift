/// What a container has used, read once from its cgroups and its network namespace.
public struct StatsSample: Sendable, Hashable {
    /// When it was read.
    public var time = WallTime(nanoseconds: 0)
    /// Nanoseconds of processor time.
    public var cpuTotal: UInt64 = 0
    /// Nanoseconds in user mode.
    public var cpuUser: UInt64 = 0
    /// Nanoseconds in the kernel.
    public var cpuSystem: UInt64 = 0
    /// Nanoseconds of processor time of the whole machine.
    public var machineCPU: UInt64 = 0
    /// Processors of the host.
    public var onlineCPUs: Int = 1
    /// Periods in which it was held back.
    public var throttledPeriods: UInt64 = 0
    /// Periods that were enforced.
    public var periods: UInt64 = 0
    /// Nanoseconds for which it was held back.
    public var throttledTime: UInt64 = 0
    /// Bytes.
    public var memoryUsage: UInt64 = 0
    /// Bytes at most so far; zero where the kernel does not tell.
    public var memoryMaximumUsage: UInt64 = 0
    /// Bytes; the machine's memory when the container has no limit.
    public var memoryLimit: UInt64 = 0
    /// Bytes of page cache that is easily given back (`inactive_file`, on v1 `total_inactive_file`).
    public var memoryInactiveFile: UInt64 = 0
    /// Everything of memory.stat, by name.
    public var memoryDetails: [String: UInt64] = [:]
    /// Processes and threads.
    public var pids: UInt64 = 0
    /// `nil` is no limit.
    public var pidsLimit: UInt64?
    /// Bytes read from block devices.
    public var blockReadBytes: UInt64 = 0
    /// Bytes written to block devices.
    public var blockWriteBytes: UInt64 = 0
    /// By interface, loopback left out.
    public var networks: [String: NetworkCounters] = [:]

    /// A value from its parts; counters begin at zero.
    public init() {}

    /// Counters of one interface.
    public struct NetworkCounters: Sendable, Hashable {
        /// Bytes received.
        public var receivedBytes: UInt64 = 0
        /// Packets received.
        public var receivedPackets: UInt64 = 0
        /// Packets received damaged.
        public var receivedErrors: UInt64 = 0
        /// Packets dropped on arrival.
        public var receivedDropped: UInt64 = 0
        /// Bytes sent.
        public var sentBytes: UInt64 = 0
        /// Packets sent.
        public var sentPackets: UInt64 = 0
        /// Packets that could not be sent.
        public var sentErrors: UInt64 = 0
        /// Packets dropped on the way out.
        public var sentDropped: UInt64 = 0

        /// A value from its parts; counters begin at zero.
        public init() {}
    }
}

/// The processes of a container, as ps(1) prints them.
public struct ProcessTable: Sendable, Hashable {
    /// The heads of the columns.
    public var titles: [String]
    /// One row per process.
    public var processes: [[String]]

    /// A value from its parts; counters begin at zero.
    public init(titles: [String], processes: [[String]]) {
        self.titles = titles
        self.processes = processes
    }
}

/// One path that differs from the image.
public struct PathChange: Sendable, Hashable, Codable {
    /// What happened to it, with the Engine API's numbers.
    public enum Kind: Int, Sendable, Hashable, Codable { case modified, added, deleted }

    /// Whether it was added, changed or deleted.
    public var kind: Kind
    /// Absolute, inside the container.
    public var path: String

    /// A value from its parts; counters begin at zero.
    public init(kind: Kind, path: String) {
        self.kind = kind
        self.path = path
    }
}
