public import Model

/// What a group has used, as one reading. What the host does not count is zero.
public struct CgroupStatistics: Hashable, Sendable {
    /// Bytes in use, page cache included.
    public var memoryUsage: UInt64 = 0
    /// The most bytes ever in use.
    public var memoryMaximum: UInt64 = 0
    /// Bytes; `nil` is no limit.
    public var memoryLimit: UInt64?
    /// Bytes of page cache that is not in use; Docker's client subtracts it.
    public var memoryInactiveFile: UInt64 = 0
    /// memory.stat, by name.
    public var memoryDetails: [String: UInt64] = [:]
    /// How many processes the kernel has killed here for want of memory.
    public var outOfMemoryKills: UInt64 = 0
    /// Nanoseconds of processor time.
    public var cpuTotal: UInt64 = 0
    /// Nanoseconds in user mode.
    public var cpuUser: UInt64 = 0
    /// Nanoseconds in the kernel.
    public var cpuSystem: UInt64 = 0
    /// Nanoseconds per processor; v1 only.
    public var cpuPerProcessor: [UInt64] = []
    /// Periods, periods throttled, nanoseconds throttled.
    public var throttling: (periods: UInt64, throttled: UInt64, time: UInt64) {
        (periods, throttledPeriods, throttledTime)
    }
    var periods: UInt64 = 0
    var throttledPeriods: UInt64 = 0
    var throttledTime: UInt64 = 0
    /// Processes and threads.
    public var pids: UInt64 = 0
    /// `nil` is no limit.
    public var pidsLimit: UInt64?
    /// Bytes moved from and to block devices.
    public var blockBytes: [StatsSample.BlockCount] = []
    /// Requests to block devices; `nil` with v2.
    public var blockRequests: [StatsSample.BlockCount]?
}

extension Cgroup {
    /// Reads the counters.
    public func statistics() -> CgroupStatistics {
        var statistics = CgroupStatistics()
        readMemory(into: &statistics)
        readProcessor(into: &statistics)
        readBlock(into: &statistics)
        let pids = directory(having: "pids")
        statistics.pids = Self.number(pids, "pids.current") ?? 0
        statistics.pidsLimit = Self.number(pids, "pids.max")
        return statistics
    }

    private func directory(having controller: String) -> String? {
        layout.legacy(controller)?.directory(of: group) ?? unifiedDirectory
    }

    private func readMemory(into statistics: inout CgroupStatistics) {
        guard let directory = directory(having: "memory") else { return }
        statistics.memoryDetails = Self.table(directory + "/memory.stat")
        statistics.outOfMemoryKills = memory()?.kills ?? 0
        if layout.legacy("memory") != nil {
            statistics.memoryUsage = Self.number(directory, "memory.usage_in_bytes") ?? 0
            statistics.memoryMaximum = Self.number(directory, "memory.max_usage_in_bytes") ?? 0
            // No limit reads as the largest number of pages.
            let limit = Self.number(directory, "memory.limit_in_bytes")
            statistics.memoryLimit = limit.flatMap { $0 < 1 << 62 ? $0 : nil }
            statistics.memoryInactiveFile = statistics.memoryDetails["total_inactive_file"] ?? 0
        } else {
            statistics.memoryUsage = Self.number(directory, "memory.current") ?? 0
            statistics.memoryMaximum = Self.number(directory, "memory.peak") ?? 0
            statistics.memoryLimit = Self.number(directory, "memory.max")
            statistics.memoryInactiveFile = statistics.memoryDetails["inactive_file"] ?? 0
        }
    }

    private func readProcessor(into statistics: inout CgroupStatistics) {
        if let accounting = layout.legacy("cpuacct")?.directory(of: group) {
            statistics.cpuTotal = Self.number(accounting, "cpuacct.usage") ?? 0
            statistics.cpuUser = Self.number(accounting, "cpuacct.usage_user") ?? 0
            statistics.cpuSystem = Self.number(accounting, "cpuacct.usage_sys") ?? 0
            statistics.cpuPerProcessor = Self.words(accounting + "/cpuacct.usage_percpu").compactMap { UInt64($0) }
            let stat = layout.legacy("cpu").map { Self.table($0.directory(of: group) + "/cpu.stat") } ?? [:]
            statistics.periods = stat["nr_periods"] ?? 0
            statistics.throttledPeriods = stat["nr_throttled"] ?? 0
            statistics.throttledTime = stat["throttled_time"] ?? 0
        } else if let unifiedDirectory {
            let stat = Self.table(unifiedDirectory + "/cpu.stat")
            statistics.cpuTotal = (stat["usage_usec"] ?? 0) * 1000
            statistics.cpuUser = (stat["user_usec"] ?? 0) * 1000
            statistics.cpuSystem = (stat["system_usec"] ?? 0) * 1000
            statistics.periods = stat["nr_periods"] ?? 0
            statistics.throttledPeriods = stat["nr_throttled"] ?? 0
            statistics.throttledTime = (stat["throttled_usec"] ?? 0) * 1000
        }
    }

    private func readBlock(into statistics: inout CgroupStatistics) {
        if let directory = layout.legacy("blkio")?.directory(of: group) {
            func read(_ file: String) -> [StatsSample.BlockCount] {
                Self.legacyBlockCounts((try? HostFile.read(directory + "/blkio.throttle." + file)) ?? "")
            }
            statistics.blockBytes = read("io_service_bytes")
            statistics.blockRequests = read("io_serviced")
        } else if let unifiedDirectory {
            statistics.blockBytes = Self.blockCounts((try? HostFile.read(unifiedDirectory + "/io.stat")) ?? "")
        }
    }

    /// Lines such as `8:0 Read 4096`; the sum of all devices, which has no device, is left out.
    static func legacyBlockCounts(_ text: String) -> [StatsSample.BlockCount] {
        text.split(byte: "\n").compactMap { line in
            let fields = line.split(byte: " ")
            guard fields.count == 3, let (major, minor) = device(fields[0]), let value = UInt64(fields[2]) else {
                return nil
            }
            return .init(major: major, minor: minor, operation: String(fields[1]), value: value)
        }
    }

    /// Lines such as `8:0 rbytes=4096 wbytes=0 rios=1`.
    static func blockCounts(_ text: String) -> [StatsSample.BlockCount] {
        text.split(byte: "\n").flatMap { line -> [StatsSample.BlockCount] in
            let fields = line.split(byte: " ")
            guard let first = fields.first, let (major, minor) = device(first) else { return [] }
            return [("rbytes=", "read"), ("wbytes=", "write")].map { name, operation in
                let value = fields.lazy.compactMap { $0.dropping(prefix: name) }.first.flatMap { UInt64($0) } ?? 0
                return .init(major: major, minor: minor, operation: operation, value: value)
            }
        }
    }

    private static func device(_ text: Substring) -> (major: UInt64, minor: UInt64)? {
        let (major, minor) = text.cut(at: ":")
        guard let major = UInt64(major), let minor = minor.flatMap({ UInt64($0) }) else { return nil }
        return (major, minor)
    }

    /// The number in a control file; `nil` for `max` and when there is none.
    private static func number(_ directory: String?, _ file: String) -> UInt64? {
        guard let directory else { return nil }
        return words(directory + "/" + file).first.flatMap { UInt64($0) }
    }

    /// Lines of a name and a number.
    private static func table(_ path: String) -> [String: UInt64] {
        let all = words(path)
        var table: [String: UInt64] = [:]
        var index = 0
        while index + 1 < all.count {
            if let value = UInt64(all[index + 1]) { table[all[index]] = value }
            index += 2
        }
        return table
    }
}
