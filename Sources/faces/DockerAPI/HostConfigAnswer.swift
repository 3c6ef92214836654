import JSONFormat
internal import Model

/// Docker's HostConfig as `inspect` shows it.
struct HostConfigAnswer {
    private let spec: ContainerSpec
    private let defaults: ContainerAnswer.Defaults
    private let version: APIVersion

    init(_ spec: ContainerSpec, defaults: ContainerAnswer.Defaults, version: APIVersion = .current) {
        self.spec = spec
        self.defaults = defaults
        self.version = version
    }

    /// All fields of the version, in Docker's order, in the words of the request.
    func json(in words: RequestWords) -> JSON {
        var answer = members
        if version > .kernelMemory, let limit = words["KernelMemoryTCP"] { answer.append("KernelMemoryTCP", limit) }
        for said in words.members {
            if let place = answer.firstIndex(where: { $0.name == said.name }) { answer[place].value = said.value }
        }
        if let place = answer.firstIndex(where: { $0.name == "SecurityOpt" }) {
            answer[place].value = labelled(answer[place].value)
        }
        return .object(answer)
    }

    /// All fields of the version, in the words that the specification gives.
    var members: JSONObject { JSONObject(general + namespaces + limits + paths) }

    /// The options, with the one that dockerd adds to a container that shares so much with the host that labels would only hinder.
    private func labelled(_ options: JSON) -> JSON {
        let sharesHost = spec.security.privileged || spec.namespaces.pid == .host || spec.namespaces.ipc == .host
        guard sharesHost, !spec.security.options.contains(where: { $0 == "label" || $0.hasPrefix(bytes: "label=") })
        else {
            return options
        }
        return .array(options.elements + ["label=disable"])
    }

    private var general: [(String, JSON)] {
        let driver = (spec.logging.driver ?? defaults.logDriver).rawValue
        var members: [(String, JSON)] = [
            ("Binds", .stringsOrNull(spec.mounts.filter { $0.origin == .binds }.map(Self.bind))),
            ("ContainerIDFile", .string(spec.containerIDFile)),
            ("LogConfig", ["Type": .string(driver), "Config": .stringMap(spec.logging.options)]),
            ("NetworkMode", .string(spec.network.mode.shown)),
            ("PortBindings", portBindings),
            (
                "RestartPolicy",
                [
                    "Name": .string(spec.restart.name), "MaximumRetryCount": .integer(spec.restart.maximumRetryCount),
                ]
            ),
            ("AutoRemove", .bool(spec.autoRemove)), ("VolumeDriver", ""), ("VolumesFrom", nil),
            ("ConsoleSize", [.integer(spec.process.consoleHeight), .integer(spec.process.consoleWidth)]),
        ]
        if !spec.annotations.isEmpty { members.append(("Annotations", .stringMap(spec.annotations))) }
        let mounts = spec.mounts.filter { $0.origin == .mounts }
        if !mounts.isEmpty { members.append(("Mounts", .array(mounts.map(Self.mount)))) }
        return members
    }

    private var namespaces: [(String, JSON)] {
        let security = spec.security
        let modes = spec.namespaces
        let isOnHost = spec.runtime.or(defaults.runtime) == .host
        let cgroups = modes.cgroup == .unset ? (isOnHost ? "host" : "private") : modes.cgroup.text
        var members: [(String, JSON)] = [
            ("CapAdd", .stringsOrNull(security.capAdd)), ("CapDrop", .stringsOrNull(security.capDrop)),
            ("CgroupnsMode", .string(cgroups)), ("Dns", .strings(spec.network.dns)),
            ("DnsOptions", .strings(spec.network.dnsOptions)), ("DnsSearch", .strings(spec.network.dnsSearch)),
            ("ExtraHosts", .stringsOrNull(spec.network.extraHosts)),
            ("GroupAdd", .stringsOrNull(spec.process.additionalGroups)),
            ("IpcMode", .string(modes.ipc == .unset ? "private" : modes.ipc.text)), ("Cgroup", ""),
            ("Links", .stringsOrNull(spec.network.links)), ("OomScoreAdj", .integer(security.oomScoreAdjust)),
            ("PidMode", .string(modes.pid.text)), ("Privileged", .bool(security.privileged)),
            ("PublishAllPorts", .bool(spec.network.publishAll)), ("ReadonlyRootfs", .bool(security.readonlyRootfs)),
            ("SecurityOpt", .stringsOrNull(security.options)),
        ]
        let tmpfs = spec.mounts.filter { $0.origin == .tmpfs }
        if !tmpfs.isEmpty {
            members.append(("Tmpfs", .object(JSONObject(tmpfs.map { ($0.target, .string($0.options)) }))))
        }
        members += [("UTSMode", .string(modes.uts.text)), ("UsernsMode", .string(modes.user.text))]
        let shm = spec.resources.shmSize == 0 ? 64 << 20 : spec.resources.shmSize
        members.append(("ShmSize", .integer(shm)))
        if !security.sysctls.isEmpty { members.append(("Sysctls", .stringMap(security.sysctls))) }
        members.append(("Runtime", .string(spec.runtime.or(defaults.runtime).text)))
        members.append(("Isolation", ""))
        return members
    }

    private var limits: [(String, JSON)] {
        let limits = spec.resources
        var members: [(String, JSON)] = [
            ("CpuShares", .integer(limits.cpuShares)), ("Memory", .integer(limits.memory)),
            ("NanoCpus", .integer(limits.nanoCPUs)), ("CgroupParent", .string(limits.cgroupParent)),
            ("BlkioWeight", .integer(limits.blkioWeight)), ("BlkioWeightDevice", []), ("BlkioDeviceReadBps", []),
            ("BlkioDeviceWriteBps", []), ("BlkioDeviceReadIOps", []), ("BlkioDeviceWriteIOps", []),
            ("CpuPeriod", .integer(limits.cpuPeriod)), ("CpuQuota", .integer(limits.cpuQuota)),
            ("CpuRealtimePeriod", 0), ("CpuRealtimeRuntime", 0), ("CpusetCpus", .string(limits.cpusetCPUs)),
            ("CpusetMems", .string(limits.cpusetMems)), ("Devices", .array(limits.devices.map(Self.device))),
            ("DeviceCgroupRules", .stringsOrNull(limits.deviceCgroupRules)), ("DeviceRequests", nil),
            ("MemoryReservation", .integer(limits.memoryReservation)), ("MemorySwap", .integer(limits.memorySwap)),
            ("MemorySwappiness", limits.memorySwappiness.map { .integer($0) } ?? nil),
            ("OomKillDisable", defaults.unifiedCgroups ? nil : .bool(limits.oomKillDisable ?? false)),
            ("PidsLimit", limits.pidsLimit.flatMap { $0 > 0 ? .integer($0) : nil } ?? nil),
            ("Ulimits", .array(limits.ulimits.map(Self.ulimit))),
        ]
        if version <= .kernelMemory { members += [("KernelMemory", 0), ("KernelMemoryTCP", 0)] }
        if let initProcess = spec.initProcess { members.insert(("Init", .bool(initProcess)), at: 0) }
        return members
    }

    private var paths: [(String, JSON)] {
        let security = spec.security
        let masked = security.maskedPaths ?? (security.privileged ? nil : Self.maskedPaths)
        let readonly = security.readonlyPaths ?? (security.privileged ? nil : Self.readonlyPaths)
        return [
            ("CpuCount", 0), ("CpuPercent", 0), ("IOMaximumIOps", 0), ("IOMaximumBandwidth", 0),
            ("MaskedPaths", masked.map { .strings($0) } ?? nil),
            ("ReadonlyPaths", readonly.map { .strings($0) } ?? nil),
        ]
    }

    private static let maskedPaths = [
        "/proc/asound", "/proc/acpi", "/proc/interrupts", "/proc/kcore", "/proc/keys", "/proc/latency_stats",
        "/proc/timer_list", "/proc/timer_stats", "/proc/sched_debug", "/proc/scsi", "/sys/firmware",
        "/sys/devices/virtual/powercap",
    ]
    private static let readonlyPaths = [
        "/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger",
    ]

    private var portBindings: JSON {
        .object(
            JSONObject(
                spec.network.portBindings.sorted { $0.key < $1.key }.map { port, bindings in
                    (
                        port,
                        .array(
                            bindings.map { ["HostIp": .string($0.hostIP), "HostPort": .string($0.hostPort)] })
                    )
                }))
    }

    private static func bind(_ mount: MountSpec) -> String {
        "\(mount.source.text):\(mount.target)" + (mount.options.isEmpty ? "" : ":\(mount.options)")
    }

    private static func mount(_ mount: MountSpec) -> JSON {
        let kind = mount.source.kind
        var answer: JSONObject = ["Type": .string(kind.rawValue)]
        if !mount.source.text.isEmpty { answer.append("Source", .string(mount.source.text)) }
        answer.append("Target", .string(mount.target))
        if mount.readOnly { answer.append("ReadOnly", true) }
        if kind == .bind, !mount.propagation.isEmpty || mount.nonRecursive || mount.createSource {
            var options = JSONObject()
            if !mount.propagation.isEmpty { options.append("Propagation", .string(mount.propagation)) }
            if mount.nonRecursive { options.append("NonRecursive", true) }
            if mount.createSource { options.append("CreateMountpoint", true) }
            answer.append("BindOptions", .object(options))
        }
        if kind == .tmpfs, mount.tmpfsSize != 0 || mount.tmpfsMode != 0 {
            var options = JSONObject()
            if mount.tmpfsSize != 0 { options.append("SizeBytes", .integer(mount.tmpfsSize)) }
            if mount.tmpfsMode != 0 { options.append("Mode", .integer(mount.tmpfsMode)) }
            answer.append("TmpfsOptions", .object(options))
        }
        return .object(answer)
    }

    private static func device(_ device: DeviceSpec) -> JSON {
        [
            "PathOnHost": .string(device.pathOnHost), "PathInContainer": .string(device.pathInContainer),
            "CgroupPermissions": .string(device.permissions),
        ]
    }

    private static func ulimit(_ ulimit: Ulimit) -> JSON {
        ["Name": .string(ulimit.name), "Hard": .integer(ulimit.hard), "Soft": .integer(ulimit.soft)]
    }
}

extension NetworkMode {
    /// The text that inspect shows: `bridge` where the request left the network open.
    var shown: String { self == .unset || self == .default ? "bridge" : text }
}
