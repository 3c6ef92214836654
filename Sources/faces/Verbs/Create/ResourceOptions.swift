import APIClient
import ArgumentParser
import Flags
import JSONFormat
import Model

/// The options of `create` and `run` for a container's limits.
struct ResourceOptions: ParsableArguments {
    @Option(help: "Block IO (relative weight), between 10 and 1000, or 0 to disable.") var blkioWeight: Int?
    @Option(help: "Block IO weight (relative device weight).") var blkioWeightDevice: [String] = []
    @Option(help: "Limit CPU CFS (Completely Fair Scheduler) period.") var cpuPeriod: Int?
    @Option(help: "Limit CPU CFS (Completely Fair Scheduler) quota.") var cpuQuota: Int?
    @Option(help: "Limit CPU real-time period in microseconds.") var cpuRtPeriod: Int?
    @Option(help: "Limit CPU real-time runtime in microseconds.") var cpuRtRuntime: Int?
    @Option(name: [.customShort("c"), .long], help: "CPU shares (relative weight).") var cpuShares: Int?
    @Option(help: "Number of CPUs.") var cpus: String?
    @Option(help: "CPUs in which to allow execution (0-3, 0,1).") var cpusetCpus: String?
    @Option(help: "MEMs in which to allow execution (0-3, 0,1).") var cpusetMems: String?
    @Option(help: "Add a host device to the container.") var device: [String] = []
    @Option(help: "Add a rule to the cgroup allowed devices list.") var deviceCgroupRule: [String] = []
    @Option(help: "Limit read rate (bytes per second) from a device.") var deviceReadBps: [String] = []
    @Option(help: "Limit read rate (IO per second) from a device.") var deviceReadIops: [String] = []
    @Option(help: "Limit write rate (bytes per second) to a device.") var deviceWriteBps: [String] = []
    @Option(help: "Limit write rate (IO per second) to a device.") var deviceWriteIops: [String] = []
    @Option(help: "Kernel memory limit.") var kernelMemory: String?
    @Option(name: .shortAndLong, help: "Memory limit.") var memory: String?
    @Option(help: "Memory soft limit.") var memoryReservation: String?
    @Option(help: "Swap limit equal to memory plus swap: '-1' to enable unlimited swap.") var memorySwap: String?
    @Option(help: "Tune container memory swappiness (0 to 100).") var memorySwappiness: Int?
    @Flag(help: "Disable OOM Killer.") var oomKillDisable = false
    @Option(help: "Tune host's OOM preferences (-1000 to 1000).") var oomScoreAdj: Int?
    @Option(help: "Tune container pids limit (set -1 for unlimited).") var pidsLimit: Int?
    @Option(help: "Size of /dev/shm.") var shmSize: String?
    @Option(help: "Ulimit options.") var ulimit: [String] = []
}

extension ResourceOptions {
    static let switches = "oom-kill-disable"
    static let values = """
        blkio-weight-device cpus cpuset-cpus cpuset-mems device device-cgroup-rule device-read-bps device-read-iops
        device-write-bps device-write-iops kernel-memory m/memory memory-reservation memory-swap shm-size ulimit
        """
    static let integers = """
        blkio-weight cpu-period cpu-quota cpu-rt-period cpu-rt-runtime c/cpu-shares memory-swappiness oom-score-adj
        pids-limit
        """
    static let kinds: [String: FlagValue] = [
        "blkio-weight": .unsigned(bits: 16), "cpus": .decimal, "kernel-memory": .bytes, "memory": .bytes,
        "memory-reservation": .bytes, "memory-swap": .bytes, "shm-size": .bytes, "ulimit": .ulimit,
    ]

    /// The limits as members of the Engine API's HostConfig; options that were not given are left out.
    func members() throws(ExitFailure) -> JSONObject {
        var members: JSONObject = []
        func add(_ name: String, _ value: Int?) { if let value { members.append(.init(name, .integer(value))) } }
        func add(_ name: String, bytes text: String?) {
            guard let text else { return }
            members.append(.init(name, .integer((try? ByteSize.parse(text, .binary)) ?? -1)))
        }
        if let memorySwappiness, memorySwappiness != -1, !(0...100).contains(memorySwappiness) {
            throw ExitFailure("invalid value: \(memorySwappiness). Valid memory swappiness range is 0-100")
        }
        add("BlkioWeight", blkioWeight)
        add("CpuPeriod", cpuPeriod)
        add("CpuQuota", cpuQuota)
        add("CpuRealtimePeriod", cpuRtPeriod)
        add("CpuRealtimeRuntime", cpuRtRuntime)
        add("CpuShares", cpuShares)
        if let cpus, let value = NanoCPUs.parse(cpus) { add("NanoCpus", Int(clamping: value)) }
        if let cpusetCpus { members.append(.init("CpusetCpus", .string(cpusetCpus))) }
        if let cpusetMems { members.append(.init("CpusetMems", .string(cpusetMems))) }
        add("KernelMemory", bytes: kernelMemory)
        add("Memory", bytes: memory)
        add("MemoryReservation", bytes: memoryReservation)
        add("MemorySwap", bytes: memorySwap)
        add("MemorySwappiness", memorySwappiness)
        if oomKillDisable { members.append(.init("OomKillDisable", true)) }
        add("OomScoreAdj", oomScoreAdj)
        add("PidsLimit", pidsLimit)
        add("ShmSize", bytes: shmSize)
        members += try deviceMembers()
        let limits: [JSON] = ulimit.compactMap { text in
            guard case .limit(let name, let soft, let hard) = UlimitOption.parse(text) else { return nil }
            return ["Name": .string(name), "Soft": .integer(soft), "Hard": .integer(hard)]
        }
        members.append(.init("Ulimits", .array(limits)))
        return members
    }

    private func deviceMembers() throws(ExitFailure) -> JSONObject {
        var members: JSONObject = []
        var devices: [JSON] = []
        for text in device { devices.append(try DeviceOption.parse(text)) }
        members.append(.init("Devices", .array(devices)))
        if !deviceCgroupRule.isEmpty {
            members.append(.init("DeviceCgroupRules", .array(deviceCgroupRule.map { .string($0) })))
        }
        let rates = [
            ("BlkioDeviceReadBps", deviceReadBps), ("BlkioDeviceReadIOps", deviceReadIops),
            ("BlkioDeviceWriteBps", deviceWriteBps), ("BlkioDeviceWriteIOps", deviceWriteIops),
        ]
        for (name, texts) in rates {
            var list: [JSON] = []
            for text in texts { list.append(try DeviceOption.rate(text, isBytes: name.hasSuffix(bytes: "Bps"))) }
            members.append(.init(name, .array(list)))
        }
        var weights: [JSON] = []
        for text in blkioWeightDevice { weights.append(try DeviceOption.weight(text)) }
        members.append(.init("BlkioWeightDevice", .array(weights)))
        return members
    }
}
