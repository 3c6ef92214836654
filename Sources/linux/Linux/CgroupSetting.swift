public import Model

/// One value for one control file, and the controller it needs.
public struct CgroupSetting: Hashable, Sendable {
    /// e.g. `memory`, `cpu`.
    public let controller: String
    /// e.g. `memory.max`.
    public let file: String
    /// What is written.
    public let value: String
    /// Docker's words for the limit, for the warning when the host cannot keep it.
    public let limit: String

    /// A setting.
    public init(_ controller: String, _ file: String, _ value: String, limit: String) {
        self.controller = controller
        self.file = file
        self.value = value
        self.limit = limit
    }
}

extension ResourceSpec {
    /// Memory and swap together as Docker means it: twice the memory when only that was given.
    var effectiveMemorySwap: Int64 { memorySwap == 0 && memory > 0 ? memory.saturatingMultiplied(by: 2) : memorySwap }

    /// Period and quota in microseconds; billionths of a processor become a quota of a period of 100 ms.
    var effectiveQuota: (period: Int64, quota: Int64) {
        nanoCPUs > 0 ? (100_000, nanoCPUs / 10_000) : (cpuPeriod, cpuQuota)
    }

    /// The control files of cgroup v1.
    public var legacySettings: [CgroupSetting] {
        var settings: [CgroupSetting] = []
        if memory > 0 { settings.append(.init("memory", "memory.limit_in_bytes", "\(memory)", limit: "memory limit")) }
        let swap = effectiveMemorySwap
        if swap != 0 { settings.append(.init("memory", "memory.memsw.limit_in_bytes", "\(swap)", limit: "swap limit")) }
        if memoryReservation > 0 {
            let value = "\(memoryReservation)"
            settings.append(.init("memory", "memory.soft_limit_in_bytes", value, limit: "memory soft limit"))
        }
        if let memorySwappiness, memorySwappiness >= 0 {
            let value = "\(memorySwappiness)"
            settings.append(.init("memory", "memory.swappiness", value, limit: "memory swappiness"))
        }
        if oomKillDisable == true {
            settings.append(.init("memory", "memory.oom_control", "1", limit: "OOM kill disable"))
        }
        if cpuShares > 0 { settings.append(.init("cpu", "cpu.shares", "\(cpuShares)", limit: "CPU shares")) }
        let (period, quota) = effectiveQuota
        if period > 0 { settings.append(.init("cpu", "cpu.cfs_period_us", "\(period)", limit: "CPU CFS period")) }
        if quota != 0 { settings.append(.init("cpu", "cpu.cfs_quota_us", "\(quota)", limit: "CPU CFS quota")) }
        if let value = pidsValue { settings.append(.init("pids", "pids.max", value, limit: "PIDs limit")) }
        if blkioWeight > 0 {
            settings.append(.init("blkio", "blkio.bfq.weight", "\(blkioWeight)", limit: "Block I/O weight"))
        }
        return settings + cpusetSettings
    }

    /// The control files of cgroup v2. Shares and weights are converted as the OCI runtimes do.
    public var unifiedSettings: [CgroupSetting] {
        var settings: [CgroupSetting] = []
        if memory > 0 { settings.append(.init("memory", "memory.max", "\(memory)", limit: "memory limit")) }
        let swap = effectiveMemorySwap
        if swap == -1 {
            settings.append(.init("memory", "memory.swap.max", "max", limit: "swap limit"))
        } else if swap > 0 && memory > 0 {
            let value = "\(max(0, swap.saturatingSubtracting(memory)))"
            settings.append(.init("memory", "memory.swap.max", value, limit: "swap limit"))
        }
        if memoryReservation > 0 {
            let value = "\(memoryReservation)"
            settings.append(.init("memory", "memory.low", value, limit: "memory soft limit"))
        }
        if cpuShares > 0 {
            let value = "\(Self.weight(ofShares: cpuShares))"
            settings.append(.init("cpu", "cpu.weight", value, limit: "CPU shares"))
        }
        let (period, quota) = effectiveQuota
        if period > 0 || quota != 0 {
            let value = "\(quota > 0 ? "\(quota)" : "max") \(period > 0 ? period : 100_000)"
            settings.append(.init("cpu", "cpu.max", value, limit: "CPU CFS quota"))
        }
        if let value = pidsValue { settings.append(.init("pids", "pids.max", value, limit: "PIDs limit")) }
        if blkioWeight > 0 {
            let value = "default \(Self.ioWeight(ofBlkio: blkioWeight))"
            settings.append(.init("io", "io.weight", value, limit: "Block I/O weight"))
        }
        return settings + cpusetSettings
    }

    private var pidsValue: String? {
        guard let pidsLimit else { return nil }
        return pidsLimit > 0 ? "\(pidsLimit)" : "max"
    }

    private var cpusetSettings: [CgroupSetting] {
        var settings: [CgroupSetting] = []
        if !cpusetCPUs.isEmpty { settings.append(.init("cpuset", "cpuset.cpus", cpusetCPUs, limit: "cpuset")) }
        if !cpusetMems.isEmpty { settings.append(.init("cpuset", "cpuset.mems", cpusetMems, limit: "cpuset")) }
        return settings
    }

    /// 2…262144 shares on v1 as 1…10000 on v2.
    static func weight(ofShares shares: Int64) -> Int64 {
        // bounded: brought into its range before.
        1 + (min(max(shares, 2), 262_144) - 2) * 9999 / 262_142
    }

    /// 10…1000 on v1 as 1…10000 on v2.
    static func ioWeight(ofBlkio weight: UInt16) -> Int64 {
        // bounded: brought into its range before.
        1 + (Int64(clamping: min(max(weight, 10), 1000)) - 10) * 9999 / 990
    }
}
