internal import Model

/// Docker's Resources in a request, with dockerd's checks (daemon/daemon_unix.go).
struct ResourceRequest {
    /// The least memory that dockerd accepts, in bytes.
    static let minimumMemory: Int64 = 6 << 20

    private let fields: RequestFields

    init(_ fields: RequestFields) { self.fields = fields }

    /// Reads and checks every limit of a create request.
    func read(host: ContainerCreateRequest.Host) throws(RequestError) -> ResourceSpec {
        var resources = try read(changing: .init(), host: host)
        try readFixed(into: &resources)
        return resources
    }

    /// Reads and checks the limits that an update may change, which are those of control groups. Absent ones stay as they are.
    func read(
        changing base: ResourceSpec, host: ContainerCreateRequest.Host
    ) throws(RequestError) -> ResourceSpec {
        var resources = base
        try readMemory(into: &resources)
        try readProcessors(into: &resources, host)
        try readOthers(into: &resources)
        return resources
    }

    /// A number of the request; `base` when it is absent or zero.
    private func number(_ name: String, or base: Int64) throws(RequestError) -> Int64 {
        let value = try fields.integer(name)
        return value == 0 ? base : value
    }

    private func readMemory(into resources: inout ResourceSpec) throws(RequestError) {
        let memory = try number("Memory", or: resources.memory)
        let swap = try number("MemorySwap", or: resources.memorySwap)
        let reservation = try number("MemoryReservation", or: resources.memoryReservation)
        let swappiness = try fields.optionalInteger("MemorySwappiness") ?? resources.memorySwappiness
        if memory != 0, memory < Self.minimumMemory { throw .invalid("Minimum memory limit allowed is 6MB") }
        if memory > 0, swap > 0, swap < memory {
            throw .invalid("Minimum memoryswap limit should be larger than memory limit, see usage")
        }
        if memory == 0, swap > 0 {
            throw .invalid("You should always set the Memory limit when using Memoryswap limit, see usage")
        }
        if let swappiness, swappiness != -1, !(0...100).contains(swappiness) {
            throw .invalid("Invalid value: \(swappiness), valid memory swappiness range is 0-100")
        }
        if reservation > 0, reservation < Self.minimumMemory {
            throw .invalid("Minimum memory reservation allowed is 6MB")
        }
        if memory > 0, reservation > 0, memory < reservation {
            throw .invalid("Minimum memory limit can not be less than memory reservation limit, see usage")
        }
        let kernelMemory = try fields.integer("KernelMemory")
        if kernelMemory > 0, kernelMemory < Self.minimumMemory {
            throw .invalid("Minimum kernel memory limit allowed is 6MB")
        }
        resources.memory = memory
        resources.memorySwap = swap < 0 ? -1 : swap
        resources.memoryReservation = reservation
        resources.memorySwappiness = swappiness == -1 ? nil : swappiness
        resources.oomKillDisable = try fields.optionalFlag("OomKillDisable") ?? resources.oomKillDisable
    }

    private func readProcessors(
        into resources: inout ResourceSpec, _ host: ContainerCreateRequest.Host
    ) throws(RequestError) {
        let nano = try number("NanoCpus", or: resources.nanoCPUs)
        let period = try number("CpuPeriod", or: resources.cpuPeriod)
        let quota = try number("CpuQuota", or: resources.cpuQuota)
        if nano > 0, period > 0 { throw .invalid("Conflicting options: Nano CPUs and CPU Period cannot both be set") }
        if nano > 0, quota > 0 { throw .invalid("Conflicting options: Nano CPUs and CPU Quota cannot both be set") }
        if nano < 0 || nano > Int64(clamping: host.processors).saturatingMultiplied(by: 1_000_000_000) {
            throw .invalid(
                "range of CPUs is from 0.01 to \(host.processors).00, as there are only \(host.processors) CPUs available"
            )
        }
        if period != 0, !(1000...1_000_000).contains(period) {
            throw .invalid("CPU cfs period can not be less than 1ms (i.e. 1000) or larger than 1s (i.e. 1000000)")
        }
        if quota > 0, quota < 1000 { throw .invalid("CPU cfs quota can not be less than 1ms (i.e. 1000)") }
        resources.nanoCPUs = nano
        resources.cpuPeriod = period
        resources.cpuQuota = quota
        let shares = try number("CpuShares", or: resources.cpuShares)
        if shares < 0 { throw .invalid("invalid CPU shares (\(shares)): value must be a positive integer") }
        resources.cpuShares = shares
        let processors = try set("CpusetCpus", "cpus")
        if processors.members.contains(where: { $0 >= host.processors }) {
            throw .invalid(
                "Requested CPUs are not available - requested \(processors.text), available: "
                    + (host.processors > 1 ? "0-\(host.processors - 1)" : "0"))
        }
        if !processors.text.isEmpty { resources.cpusetCPUs = processors.text }
        let nodes = try set("CpusetMems", "mems")
        if nodes.members.contains(where: { $0 >= host.memoryNodes }) {
            throw .invalid(
                "Requested memory nodes are not available - requested \(nodes.text), available: "
                    + (host.memoryNodes > 1 ? "0-\(host.memoryNodes - 1)" : "0"))
        }
        if !nodes.text.isEmpty { resources.cpusetMems = nodes.text }
    }

    private func set(_ field: String, _ word: String) throws(RequestError) -> (text: String, members: [Int]) {
        let text = try fields.string(field)
        var members: [Int] = []
        for part in text.split(byte: ",", omittingEmptySubsequences: text.isEmpty) {
            let ends = part.split(byte: "-", omittingEmptySubsequences: false).map { Int($0) }
            guard (1...2).contains(ends.count), let low = ends.first ?? nil, let high = ends.last ?? nil, low <= high,
                low >= 0, high < 65536
            else { throw .invalid("Invalid value \(text) for cpuset \(word): invalid format: \(text)") }
            members.append(high)
        }
        return (text, members)
    }

    private func readOthers(into resources: inout ResourceSpec) throws(RequestError) {
        let weight = try number("BlkioWeight", or: Int64(clamping: resources.blkioWeight))
        if weight != 0, !(10...1000).contains(weight) {
            throw .invalid("Range of blkio weight is from 10 to 1000")
        }
        resources.blkioWeight = UInt16(clamping: weight)
        resources.pidsLimit = try fields.optionalInteger("PidsLimit") ?? resources.pidsLimit
    }

    /// Reads what no update changes.
    private func readFixed(into resources: inout ResourceSpec) throws(RequestError) {
        let shm = try fields.integer("ShmSize")
        if shm < 0 { throw .invalid("SHM size can not be less than 0") }
        if shm > 0 { resources.shmSize = shm }
        let parent = try fields.string("CgroupParent")
        if !parent.isEmpty { resources.cgroupParent = parent }
        if fields.value("Ulimits") != nil { resources.ulimits = try ulimits() }
        if fields.value("Devices") != nil { resources.devices = try devices() }
        if fields.value("DeviceCgroupRules") != nil { resources.deviceCgroupRules = try deviceRules() }
    }

    private static let ulimitNames: Set<String> = [
        "core", "cpu", "data", "fsize", "locks", "memlock", "msgqueue", "nice", "nofile", "nproc", "rss", "rtprio",
        "rttime", "sigpending", "stack",
    ]

    private func ulimits() throws(RequestError) -> [Ulimit] {
        var ulimits: [Ulimit] = []
        for fields in try fields.objects("Ulimits") {
            var ulimit = Ulimit()
            ulimit.name = try fields.string("Name")
            ulimit.soft = try fields.integer("Soft")
            ulimit.hard = try fields.integer("Hard")
            guard Self.ulimitNames.contains(ulimit.name) else { throw .invalid("invalid ulimit type: \(ulimit.name)") }
            if ulimit.hard >= 0, ulimit.soft > ulimit.hard || ulimit.soft < 0 {
                throw .invalid(
                    "ulimit soft limit must be less than or equal to hard limit: \(ulimit.soft) > \(ulimit.hard)")
            }
            ulimits.append(ulimit)
        }
        return ulimits
    }

    private func devices() throws(RequestError) -> [DeviceSpec] {
        var devices: [DeviceSpec] = []
        for fields in try fields.objects("Devices") {
            var device = DeviceSpec()
            device.pathOnHost = try fields.string("PathOnHost")
            let inside = try fields.string("PathInContainer")
            device.pathInContainer = inside.isEmpty ? device.pathOnHost : inside
            let permissions = try fields.string("CgroupPermissions")
            if !permissions.isEmpty { device.permissions = permissions }
            guard device.permissions.allSatisfy({ "rwm".contains($0) }), device.permissions.count <= 3 else {
                throw .invalid("invalid device mode: \(device.permissions)")
            }
            devices.append(device)
        }
        return devices
    }

    private func deviceRules() throws(RequestError) -> [String] {
        let rules = try fields.strings("DeviceCgroupRules")
        for rule in rules {
            let parts = rule.split(byte: " ")
            let numbers = parts.count == 3 ? parts[1].split(byte: ":", omittingEmptySubsequences: false) : []
            guard ["a", "b", "c"].contains(parts.first), numbers.count == 2,
                numbers.compactMap({ $0.isSame(bytes: "*") ? 0 : UInt32($0) }).count == 2, parts[2].count <= 3,
                parts[2].allSatisfy({ "rwm".contains($0) })
            else { throw .invalid("invalid device cgroup rule format: '\(rule)'") }
        }
        return rules
    }
}
