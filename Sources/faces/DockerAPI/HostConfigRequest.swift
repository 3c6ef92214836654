import JSONFormat
internal import Model

/// Docker's HostConfig in a request: the settings that concern the host and not the image.
struct HostConfigRequest {
    private let fields: RequestFields

    init(_ fields: RequestFields) { self.fields = fields }

    /// Reads and checks every field.
    func read(into spec: inout ContainerSpec, host: ContainerCreateRequest.Host) throws(RequestError) {
        try refuseUnbuilt()
        spec.restart = try Self.restartPolicy(fields)
        spec.autoRemove = try fields.flag("AutoRemove")
        spec.containerIDFile = try fields.string("ContainerIDFile")
        spec.annotations = try fields.stringMap("Annotations")
        guard spec.annotations[""] == nil else {
            throw .invalid("invalid Annotations: the empty string is not permitted as an annotation key")
        }
        spec.runtime = RuntimeName(try fields.string("Runtime"))
        spec.initProcess = try fields.optionalFlag("Init")
        spec.process.additionalGroups = try fields.strings("GroupAdd")
        if let size = try fields.optionalIntegers("ConsoleSize"), size.count == 2 {
            spec.process.consoleHeight = Int(clamping: size[0])
            spec.process.consoleWidth = Int(clamping: size[1])
        }
        spec.logging = try LogSpec(request: fields)
        spec.mounts = try MountRequest.mounts(fields)
        try readNetwork(into: &spec.network)
        try readNamespaces(into: &spec.namespaces)
        try readSecurity(into: &spec.security)
        spec.resources = try ResourceRequest(fields).read(host: host)
        // Twice the memory, swap included, unless the request names it (daemon/daemon_unix.go, adaptContainerSettings).
        if spec.resources.memory > 0, spec.resources.memorySwap == 0 {
            spec.resources.memorySwap = spec.resources.memory.saturatingMultiplied(by: 2)
        }
    }

    /// The policy in `RestartPolicy`; `no` when absent.
    static func restartPolicy(_ fields: RequestFields) throws(RequestError) -> RestartPolicy {
        guard let policy = try fields.object("RestartPolicy") else { return .no }
        let name = try policy.string("Name")
        let count = Int(clamping: try policy.integer("MaximumRetryCount"))
        do throws(RestartPolicy.Invalid) {
            return try RestartPolicy(name: name, maximumRetryCount: count)
        } catch {
            throw .invalid(error.message)
        }
    }

    private static let unbuiltDeviceLimits = [
        "BlkioWeightDevice", "BlkioDeviceReadBps", "BlkioDeviceWriteBps", "BlkioDeviceReadIOps", "BlkioDeviceWriteIOps",
    ]

    private func refuseUnbuilt() throws(RequestError) {
        if !(try fields.strings("VolumesFrom")).isEmpty { throw .notBuilt("--volumes-from is not built yet") }
        if !(try fields.objects("DeviceRequests")).isEmpty {
            throw .invalid("could not select device driver with the requested capabilities: none is built")
        }
        if !(try fields.stringMap("StorageOpt")).isEmpty {
            throw .invalid("--storage-opt is supported only for overlay over xfs with 'pquota' mount option")
        }
        for field in Self.unbuiltDeviceLimits where !(try fields.objects(field)).isEmpty {
            throw .notBuilt("limits for single block devices (\(field)) are not built yet; use --blkio-weight")
        }
        for field in ["CpuRealtimePeriod", "CpuRealtimeRuntime"] where try fields.integer(field) != 0 {
            throw .notBuilt("real-time scheduling in control groups (\(field)) is not built")
        }
        for (field, words) in [("IOMaximumBandwidth", "bandwidth"), ("IOMaximumIOps", "IOPs")]
        where try fields.integer(field) != 0 {
            throw .invalid("invalid option: QoS maximum \(words) configuration is not supported on linux")
        }
        let isolation = try fields.string("Isolation")
        if !["", "default"].contains(isolation.lowercased()) {
            throw .invalid("invalid isolation (\(isolation)): linux only supports 'default'")
        }
    }

    private func readNetwork(into network: inout NetworkSpec) throws(RequestError) {
        network.mode = NetworkMode(try fields.string("NetworkMode"))
        if network.mode == .container("") {
            throw .invalid("invalid network mode: invalid container format container:<name|id>")
        }
        try Self.check(network: network.mode)
        network.publishAll = try fields.flag("PublishAllPorts")
        network.dns = try fields.strings("Dns")
        network.dnsOptions = try fields.strings("DnsOptions")
        network.dnsSearch = try fields.strings("DnsSearch")
        network.links = try fields.strings("Links")
        network.extraHosts = try fields.strings("ExtraHosts")
        for server in network.dns where !NetworkAddress.isValid(server) {
            throw .invalid("bad nameserver address \(server): ParseAddr(\"\(server)\"): unable to parse IP")
        }
        for host in network.extraHosts { try Self.check(extraHost: host) }
        for member in try fields.map("PortBindings") {
            guard PortSpecification(member.name) != nil else {
                throw .invalid("invalid port specification: \"\(member.name)\"")
            }
            network.portBindings[member.name] = try Self.bindings(member.value)
        }
    }

    private static func check(extraHost host: String) throws(RequestError) {
        let parts = host.utf8.split(separator: 0x3A, maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let name = parts.first, !name.isEmpty, let last = parts.last else {
            throw .invalid("bad format for add-host: \"\(host)\"")
        }
        let address = String(decoding: last, as: UTF8.self)
        // With blanks around it, and without a zone.
        let bare = address.trimmedOfBlanks
        guard address == NetworkAddress.hostGateway || NetworkAddress.isValid(bare) && !bare.contains(byte: "%") else {
            throw .invalid("invalid IP address in add-host: \"\(address)\"")
        }
    }

    /// Refuses networks that users create, which are not built. The status is not 404, at which clients pull the image.
    static func check(network mode: NetworkMode) throws(RequestError) {
        if case .named(let name) = mode { throw .invalid("network \(name) not found") }
    }

    private static func bindings(_ value: JSON) throws(RequestError) -> [NetworkSpec.PortBinding] {
        let wrapped: JSON = ["bindings": value]
        var bindings: [NetworkSpec.PortBinding] = []
        for fields in try RequestFields(wrapped, type: "PortMap").objects("bindings") {
            var binding = NetworkSpec.PortBinding()
            binding.hostIP = try fields.string("HostIp")
            binding.hostPort = try fields.string("HostPort")
            if !binding.hostPort.isEmpty, !PortSpecification.isRange(binding.hostPort) {
                throw .invalid("invalid port specification: \"\(binding.hostPort)\"")
            }
            bindings.append(binding)
        }
        return bindings
    }

    private func readNamespaces(into namespaces: inout NamespaceSpec) throws(RequestError) {
        let ipc = try fields.string("IpcMode")
        guard let known = IPCMode(ipc) else { throw .invalid("invalid IPC mode: \(ipc)") }
        namespaces.ipc = known
        namespaces.pid = try mode("PidMode", "PID") { $0 != .own }
        namespaces.uts = try mode("UTSMode", "UTS") { $0 == .unset || $0 == .host }
        namespaces.user = try mode("UsernsMode", "userns") { $0 == .unset || $0 == .host }
        namespaces.cgroup = try mode("CgroupnsMode", "cgroup namespace") { $0.partner == nil }
    }

    private func mode(
        _ field: String, _ kind: String, _ isAllowed: (NamespaceMode) -> Bool
    ) throws(RequestError) -> NamespaceMode {
        let text = try fields.string(field)
        guard let mode = NamespaceMode(text), isAllowed(mode) else { throw .invalid("invalid \(kind) mode: \(text)") }
        return mode
    }

    private func readSecurity(into security: inout SecuritySpec) throws(RequestError) {
        security.privileged = try fields.flag("Privileged")
        security.capAdd = try CapabilityOption.names(fields, "CapAdd")
        security.capDrop = try CapabilityOption.names(fields, "CapDrop")
        security.options = try fields.strings("SecurityOpt")
        for option in security.options { try SecurityOption.check(option) }
        security.readonlyRootfs = try fields.flag("ReadonlyRootfs")
        security.maskedPaths = try fields.optionalStrings("MaskedPaths")
        security.readonlyPaths = try fields.optionalStrings("ReadonlyPaths")
        security.sysctls = try fields.stringMap("Sysctls")
        security.oomScoreAdjust = Int(clamping: try fields.integer("OomScoreAdj"))
        guard (-1000...1000).contains(security.oomScoreAdjust) else {
            throw .invalid("Invalid value \(security.oomScoreAdjust), range for oom score adj is [-1000, 1000]")
        }
    }
}

extension RequestFields {
    /// A list of whole numbers; `nil` when absent.
    func optionalIntegers(_ name: String) throws(RequestError) -> [Int64]? {
        guard let elements = value(name)?.array else { return nil }
        return elements.compactMap(\.integer)
    }
}

/// A port with its protocol: `80`, `80/tcp`, `8000-8010/udp`.
struct PortSpecification {
    init?(_ text: String) {
        let parts = text.split(byte: "/", omittingEmptySubsequences: false)
        guard let port = parts.first, parts.count <= 2, Self.isRange(String(port)) else { return nil }
        if parts.count == 2, !["tcp", "udp", "sctp"].contains(parts[1].lowercased()) { return nil }
    }

    /// Whether a text is a port or a range of ports.
    static func isRange(_ text: String) -> Bool {
        let ports = text.split(byte: "-", omittingEmptySubsequences: false).map { UInt16($0) }
        guard (1...2).contains(ports.count), let first = ports.first ?? nil, let last = ports.last ?? nil else {
            return false
        }
        return first <= last
    }
}
