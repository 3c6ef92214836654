/// Resource use of a container, read once from its cgroups and its network namespace.
public struct StatsSample: Sendable, Hashable {
    /// Time of the reading.
    public var time = WallTime(nanoseconds: 0)
    /// Nanoseconds of processor time.
    public var cpuTotal: UInt64 = 0
    /// Nanoseconds in user mode.
    public var cpuUser: UInt64 = 0
    /// Nanoseconds in the kernel.
    public var cpuSystem: UInt64 = 0
    /// Nanoseconds by processor; empty where the kernel does not count them (cgroups v2).
    public var cpuPerProcessor: [UInt64] = []
    /// Nanoseconds of processor time of the whole machine.
    public var machineCPU: UInt64 = 0
    /// Processors of the host.
    public var onlineCPUs: Int = 1
    /// Number of periods in which it was throttled.
    public var throttledPeriods: UInt64 = 0
    /// Number of enforced periods.
    public var periods: UInt64 = 0
    /// Nanoseconds in which it was throttled.
    public var throttledTime: UInt64 = 0
    /// Memory in use, in bytes.
    public var memoryUsage: UInt64 = 0
    /// Most memory in use so far, in bytes; zero where the kernel does not report it.
    public var memoryMaximumUsage: UInt64 = 0
    /// Limit of memory in bytes; the machine's memory when there is none.
    public var memoryLimit: UInt64 = 0
    /// Bytes of page cache that are easily reclaimed (`inactive_file`, on v1 `total_inactive_file`).
    public var memoryInactiveFile: UInt64 = 0
    /// All fields of memory.stat, by name.
    public var memoryDetails: [String: UInt64] = [:]
    /// Number of processes and threads.
    public var pids: UInt64 = 0
    /// Limit of `pids`; `nil` is none.
    public var pidsLimit: UInt64?
    /// Bytes moved from and to block devices.
    public var blockBytes: [BlockCount] = []
    /// Requests to block devices; `nil` where the kernel's control groups do not tell (v2).
    public var blockRequests: [BlockCount]?
    /// Counters by interface, without loopback.
    public var networks: [String: NetworkCounters] = [:]

    /// A sample with every counter at zero.
    public init() {}

    /// A counter of one block device.
    public struct BlockCount: Sendable, Hashable {
        /// Major number of the device.
        public var major: UInt64
        /// Minor number of the device.
        public var minor: UInt64
        /// What is counted, in the words of Docker: `Read` and others with cgroups v1, `read` and `write` with v2.
        public var operation: String
        /// Bytes or requests.
        public var value: UInt64

        /// A counter by its parts.
        public init(major: UInt64, minor: UInt64, operation: String, value: UInt64) {
            (self.major, self.minor, self.operation, self.value) = (major, minor, operation, value)
        }
    }

    /// Counters of one interface.
    public struct NetworkCounters: Sendable, Hashable {
        /// Bytes received.
        public var receivedBytes: UInt64 = 0
        /// Packets received.
        public var receivedPackets: UInt64 = 0
        /// Packets received with errors.
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

        /// Counters at zero.
        public init() {}
    }
}

/// The processes of a container, as ps(1) prints them.
public struct ProcessTable: Sendable, Hashable {
    /// The heads of the columns.
    public var titles: [String]
    /// One row per process.
    public var processes: [[String]]

    /// A table from its parts.
    public init(titles: [String], processes: [[String]]) {
        self.titles = titles
        self.processes = processes
    }
}

/// One path that differs from the image.
public struct PathChange: Sendable, Hashable, Codable {
    /// Kinds of change, with the Engine API's numbers.
    public enum Kind: Int, Sendable, Hashable, Codable { case modified, added, deleted }

    /// Kind of change.
    public var kind: Kind
    /// Absolute path inside the container.
    public var path: String

    /// A change from its parts.
    public init(kind: Kind, path: String) {
        self.kind = kind
        self.path = path
    }
}
