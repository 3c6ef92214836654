import APIClient
import ArgumentParser
import Flags
import JSONFormat
import Model
import Streaming

/// `sereno update`: changes the limits and the restart policy of containers, running or not.
struct Update: Verb {
    static let configuration = CommandConfiguration(
        verb: "update", abstract: "Update configuration of one or more containers")
    static let flags = FlagTable(
        values:
            "cpus cpuset-cpus cpuset-mems kernel-memory m/memory memory-reservation memory-swap restart restart-owner",
        integers: "blkio-weight cpu-period cpu-quota cpu-rt-period cpu-rt-runtime c/cpu-shares pids-limit",
        kinds: ResourceOptions.kinds)
    static let arguments = "CONTAINER [CONTAINER...]"
    static let argumentCount = ArgumentCount.atLeast(1)

    @Option(help: "Block IO (relative weight), between 10 and 1000, or 0 to disable.") var blkioWeight: Int?
    @Option(help: "Limit CPU CFS (Completely Fair Scheduler) period.") var cpuPeriod: Int?
    @Option(help: "Limit CPU CFS (Completely Fair Scheduler) quota.") var cpuQuota: Int?
    @Option(help: "Limit the CPU real-time period in microseconds.") var cpuRtPeriod: Int?
    @Option(help: "Limit the CPU real-time runtime in microseconds.") var cpuRtRuntime: Int?
    @Option(name: [.customShort("c"), .long], help: "CPU shares (relative weight).") var cpuShares: Int?
    @Option(help: "Number of CPUs.") var cpus: String?
    @Option(help: "CPUs in which to allow execution (0-3, 0,1).") var cpusetCpus: String?
    @Option(help: "MEMs in which to allow execution (0-3, 0,1).") var cpusetMems: String?
    @Option(help: .hidden) var kernelMemory: String?
    @Option(name: .shortAndLong, help: "Memory limit.") var memory: String?
    @Option(help: "Memory soft limit.") var memoryReservation: String?
    @Option(help: "Swap limit equal to memory plus swap: -1 to enable unlimited swap.") var memorySwap: String?
    @Option(help: "Tune container pids limit (set -1 for unlimited).") var pidsLimit: Int?
    @Option(help: "Restart policy to apply when a container exits.") var restart: String?

    @Option(
        help: """
            Who makes the restarts: sereno, or the unit of an init system that runs the container (systemd:UNIT, upstart:JOB, \
            supervisord:PROGRAM).
            """)
    var restartOwner: String?

    @Argument(help: .hidden)
    var containers: [String] = []

    func perform(in session: Session) throws -> Int32 {
        var members = members
        if let restart { members.append(.init("RestartPolicy", try RestartOption(parsing: restart).json)) }
        let owner = try restartOwner.map { try RestartOwnerOption(parsing: $0) }
        guard !members.isEmpty || owner != nil else {
            throw ExitFailure("you must provide one or more flags when using this command")
        }
        var warnings: [String] = []
        let code = session.forEach(containers) { name in
            if let owner { try owner.perform(name, session.client) }
            guard !members.isEmpty else { return }
            let path = "/containers/\(Request.segment(name))/update"
            let answer = try session.client.json(Request(.post, path, body: .json(.object(members))))
            warnings += (answer["Warnings"]?.elements ?? []).compactMap(\.string)
        }
        for warning in warnings { Output.standard.line(warning) }
        return code
    }

    private var members: JSONObject {
        var members: JSONObject = []
        func add(_ name: String, _ value: Int64?) {
            if let value { members.append(.init(name, .integer(value))) }
        }
        func add(_ name: String, bytes text: String?) {
            add(name, text.map { (try? ByteSize.parse($0, .binary)) ?? -1 })
        }
        add("BlkioWeight", blkioWeight.map { Int64($0) })
        add("CpuPeriod", cpuPeriod.map { Int64($0) })
        add("CpuQuota", cpuQuota.map { Int64($0) })
        add("CpuRealtimePeriod", cpuRtPeriod.map { Int64($0) })
        add("CpuRealtimeRuntime", cpuRtRuntime.map { Int64($0) })
        add("CpuShares", cpuShares.map { Int64($0) })
        add("NanoCpus", cpus.flatMap { NanoCPUs.parse($0) })
        if let cpusetCpus { members.append(.init("CpusetCpus", .string(cpusetCpus))) }
        if let cpusetMems { members.append(.init("CpusetMems", .string(cpusetMems))) }
        add("KernelMemory", bytes: kernelMemory)
        add("Memory", bytes: memory)
        add("MemoryReservation", bytes: memoryReservation)
        add("MemorySwap", bytes: memorySwap)
        add("PidsLimit", pidsLimit.map { Int64($0) })
        return members
    }
}
