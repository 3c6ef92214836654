public import JSONFormat
public import Model

/// The body of `POST /containers/create`: Docker's Config with HostConfig and NetworkingConfig inside.
public struct ContainerCreateRequest: Sendable {
    /// Facts about the host against which requests are checked.
    public struct Host: Sendable {
        /// Number of processors on line.
        public var processors: Int
        /// Number of memory nodes; 1 on a machine without NUMA.
        public var memoryNodes: Int

        /// A host with these numbers of processors and memory nodes.
        public init(processors: Int, memoryNodes: Int = 1) {
            self.processors = processors
            self.memoryNodes = memoryNodes
        }
    }

    private let body: JSON

    /// A request from its parsed body.
    public init(_ body: JSON) { self.body = body }

    /// The requested specification, checked as dockerd checks it, with dockerd's error texts. Members that the API's version lacks
    /// are left out, and those that are open have the version's defaults.
    ///
    /// Facts of the machine are not checked here: whether images, containers and host paths exist.
    public func parse(on host: Host, version: APIVersion = .current) throws(RequestError) -> ContainerSpec {
        if case .object(let object) = body, object.isEmpty { throw Self.emptyConfig }
        let config = try RequestFields(body, type: "CreateRequest")
        let hostConfig = try RequestFields(config.value("HostConfig") ?? [:], type: "CreateRequest.HostConfig")
        var spec = ContainerSpec()
        try Self.readConfig(config, into: &spec)
        try HostConfigRequest(hostConfig).read(into: &spec, host: host)
        if version < .privateIPC, spec.namespaces.ipc == .unset { spec.namespaces.ipc = .shareable }
        if version < .healthStartInterval { spec.healthcheck?.startInterval = 0 }
        try Self.limitMounts(&spec.mounts, version)
        try Self.readVolumes(config, into: &spec)
        try Self.readEndpoints(config, into: &spec)
        try Self.checkConflicts(spec)
        spec.words = RequestWords.kept(config, hostConfig, beside: spec, version: version)
        return spec
    }

    /// Leaves out what the API's version does not know of binds.
    private static func limitMounts(_ mounts: inout [MountSpec], _ version: APIVersion) throws(RequestError) {
        guard version < .recursiveReadOnly else { return }
        for index in mounts.indices where mounts[index].source.kind == .bind {
            if version < .nonRecursiveBinds { mounts[index].nonRecursive = false }
            if version < .createdMountPoints, mounts[index].origin == .mounts { mounts[index].createSource = false }
            guard !mounts[index].forcesReadOnly else {
                throw .invalid("BindOptions.ReadOnlyForceRecursive needs API v1.44 or newer")
            }
            mounts[index].readOnlyAlone = mounts[index].readOnly
        }
    }

    private static let emptyConfig = RequestError.invalid("config cannot be empty in order to create a container")

    private static func readConfig(_ config: RequestFields, into spec: inout ContainerSpec) throws(RequestError) {
        spec.image = try config.string("Image")
        spec.hostname = try config.string("Hostname")
        spec.domainname = try config.string("Domainname")
        spec.labels = try config.stringMap("Labels")
        spec.stopTimeout = try config.optionalInteger("StopTimeout").map { Int(clamping: $0) }
        spec.network.disabled = try config.flag("NetworkDisabled")
        spec.network.macAddress = try config.string("MacAddress")
        spec.network.exposedPorts = try config.nameSet("ExposedPorts")
        let stopSignal = try config.string("StopSignal")
        if !stopSignal.isEmpty {
            guard let signal = Signal(parsing: stopSignal) else { throw .invalid("invalid signal: \(stopSignal)") }
            spec.spell(stopSignal: signal, stopSignal)
        }
        spec.process = try process(config)
        if let healthcheck = try config.object("Healthcheck") {
            spec.healthcheck = try HealthcheckSpec(healthcheck)
        }
    }

    private static func process(_ config: RequestFields) throws(RequestError) -> ProcessSpec {
        var process = ProcessSpec()
        process.entrypoint = try config.argumentList("Entrypoint")
        process.command = try config.argumentList("Cmd")
        process.environment = try config.strings("Env")
        for variable in process.environment where variable.isEmpty || variable.hasPrefix(bytes: "=") {
            throw .invalid("invalid environment variable: \(variable)")
        }
        process.workingDirectory = try config.string("WorkingDir")
        if !process.workingDirectory.isEmpty, !process.workingDirectory.hasPrefix(bytes: "/") {
            throw .invalid(
                "the working directory '\(process.workingDirectory)' is invalid, it needs to be an absolute path")
        }
        if !process.workingDirectory.isEmpty {
            process.workingDirectory = ContainerPath.cleaned(process.workingDirectory)
        }
        process.user = try config.string("User")
        process.terminal = try config.flag("Tty")
        process.openStdin = try config.flag("OpenStdin")
        process.stdinOnce = try config.flag("StdinOnce")
        process.attachStdin = try config.flag("AttachStdin")
        process.attachStdout = try config.flag("AttachStdout")
        process.attachStderr = try config.flag("AttachStderr")
        process.shell = try config.strings("Shell")
        return process
    }

    /// Refuses `Volumes` that no mount covers: they are anonymous volumes, which are not built yet.
    private static func readVolumes(_ config: RequestFields, into spec: inout ContainerSpec) throws(RequestError) {
        let mounted = Set(spec.mounts.map(\.target))
        for target in try config.nameSet("Volumes") where !mounted.contains(target) { throw MountRequest.noVolumes }
    }

    private static func readEndpoints(_ config: RequestFields, into spec: inout ContainerSpec) throws(RequestError) {
        guard let networking = try config.object("NetworkingConfig") else { return }
        let endpoints = try networking.map("EndpointsConfig")
        if endpoints.count > 1 {
            let names = endpoints.map(\.name).sorted().joined(separator: ", ")
            throw .invalid("Container cannot be connected to network endpoints: \(names)")
        }
        guard let endpoint = endpoints.first else { return }
        try HostConfigRequest.check(network: NetworkMode(endpoint.name))
        let fields = try RequestFields(endpoint.value, type: "EndpointSettings")
        if let wanted = try fields.object("IPAMConfig") {
            for field in ["IPv4Address", "IPv6Address"] where !(try wanted.string(field)).isEmpty {
                throw .invalid("user specified IP address is supported on user defined networks only")
            }
        }
        let address = try fields.string("MacAddress")
        if !address.isEmpty { spec.network.macAddress = address }
    }

    private static func checkConflicts(_ spec: ContainerSpec) throws(RequestError) {
        if spec.autoRemove, spec.restart != .no {
            throw .invalid("can't create 'AutoRemove' container with restart policy")
        }
        let network = spec.network
        let sharesContainer = network.mode.partner != nil
        if sharesContainer || spec.namespaces.uts == .host, !spec.hostname.isEmpty {
            throw .invalid(
                "conflicting options: hostname and the \(sharesContainer ? "network" : "UTS") mode")
        }
        if network.mode == .host, !network.links.isEmpty {
            throw .invalid(
                "conflicting options: host type networking can't be used with links. "
                    + "This would result in undefined behavior")
        }
        if !network.links.isEmpty, !sharesContainer {
            throw .notBuilt("links between containers are not built yet, as networks are not")
        }
        guard sharesContainer else { return }
        let conflicts: [(Bool, String)] = [
            (
                !network.links.isEmpty,
                "container type network can't be used with links. This would result in undefined behavior"
            ),
            (!network.dns.isEmpty, "dns and the network mode"),
            (!network.extraHosts.isEmpty, "custom host-to-IP mapping and the network mode"),
            (!network.macAddress.isEmpty, "mac-address and the network mode"),
            (
                !network.portBindings.isEmpty || network.publishAll,
                "port publishing and the container type network mode"
            ),
            (!network.exposedPorts.isEmpty, "port exposing and the container type network mode"),
        ]
        for (applies, words) in conflicts where applies { throw .invalid("conflicting options: \(words)") }
    }
}

extension HealthcheckSpec {
    /// Reads Docker's `HealthConfig`. Times below a millisecond are refused unless they are zero.
    init(_ fields: RequestFields) throws(RequestError) {
        self.init()
        test = try fields.strings("Test")
        interval = try Self.span(fields, "Interval")
        timeout = try Self.span(fields, "Timeout")
        startPeriod = try Self.span(fields, "StartPeriod")
        startInterval = try Self.span(fields, "StartInterval")
        retries = Int(clamping: try fields.integer("Retries"))
        if retries < 0 { throw .invalid("Retries in Healthcheck cannot be negative") }
    }

    private static func span(_ fields: RequestFields, _ name: String) throws(RequestError) -> Int64 {
        let span = try fields.integer(name)
        if span != 0, span < 1_000_000 { throw .invalid("\(name) in Healthcheck cannot be less than 1ms") }
        return span
    }
}
