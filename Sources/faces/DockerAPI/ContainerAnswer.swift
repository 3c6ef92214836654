public import JSONFormat
public import Model

/// A container in the forms of Docker's answers.
public struct ContainerAnswer: Sendable {
    private let container: ContainerSnapshot
    private let defaults: Defaults
    private let version: APIVersion

    /// The supervisor's values for what a container leaves open. Inspect shows these values, not their absence.
    public struct Defaults: Sendable {
        /// The name of the isolation of a container that names none.
        public var runtime = RuntimeName.native
        /// The log driver shown for a container with the standard driver. SDKs look at this name to know whether logs
        /// can be read back, and know few names: docker-py and compose print no output of a container with another.
        public var logDriver = LogDriver.jsonFile
        /// The AppArmor profile of a container that names none; empty where the host has no AppArmor.
        public var appArmorProfile = ""
        /// Whether the host's cgroups are version 2, which cannot keep the kernel from killing for lack of memory.
        public var unifiedCgroups = true

        /// The supervisor's own defaults.
        public init() {}
    }

    /// An answer about a container, to a request of a version.
    public init(_ container: ContainerSnapshot, defaults: Defaults = .init(), version: APIVersion = .current) {
        self.container = container
        self.defaults = defaults
        self.version = version
    }

    private var spec: ContainerSpec {
        _read { yield container.spec }
    }

    // MARK: inspect

    /// The answer to `GET /containers/{id}/json`.
    public var inspect: JSON {
        let arguments = spec.process.arguments
        let paths = container.paths
        let words = RequestWords(spec)
        let host = HostConfigAnswer(spec, defaults: defaults, version: version)
        var answer: JSONObject = [
            "Id": .string(container.id.text), "Created": .string(container.created.rfc3339Nano),
            "Path": .string(arguments.first ?? ""), "Args": .strings(arguments.dropFirst()), "State": state,
            "Image": .string(spec.imageID), "ResolvConfPath": .string(paths.resolvConf),
            "HostnamePath": .string(paths.hostname), "HostsPath": .string(paths.hosts),
            "LogPath": .string(paths.log), "Name": .string("/" + container.name.text),
            "RestartCount": .integer(container.restartCount), "Driver": "overlay2", "Platform": "linux",
            "MountLabel": "",
            "ProcessLabel": "", "AppArmorProfile": .string(profile), "ExecIDs": .stringsOrNull(container.execIDs),
            "HostConfig": host.json(in: words), "GraphDriver": graphDriver,
        ]
        if let size = container.size {
            answer.append("SizeRw", .integer(size.writable))
            answer.append("SizeRootFs", .integer(size.rootfs))
        }
        answer.append("Mounts", mounts)
        answer.append("Config", config(in: words))
        answer.append("NetworkSettings", networkSettings)
        answer.append("Sereno", ["RestartOwner": owner, "Reason": .string(container.reason)])
        return .object(answer)
    }

    private var owner: JSON {
        guard let owner = container.owner else { return ["System": "sereno"] }
        return ["System": .string(owner.system.rawValue), "Unit": .string(owner.name)]
    }

    private var state: JSON {
        let state = container.state
        var answer: JSONObject = [
            "Status": .string(state.status.rawValue), "Running": .bool(state.running), "Paused": .bool(state.paused),
            "Restarting": .bool(state.restarting), "OOMKilled": .bool(state.oomKilled),
            "Dead": .bool(state.status == .dead), "Pid": .integer(state.pid), "ExitCode": .integer(state.exitCode),
            "Error": .string(state.error), "StartedAt": .string(Self.time(state.startedAt)),
            "FinishedAt": .string(Self.time(state.finishedAt)),
        ]
        if let health = state.health { answer.append("Health", health.json) }
        if let stop = state.userStop { answer.append("StoppedBy", .string("\(stop)")) }
        return .object(answer)
    }

    private static func time(_ time: WallTime?) -> String { time?.rfc3339Nano ?? "0001-01-01T00:00:00Z" }

    private var graphDriver: JSON {
        let paths = container.paths
        var data: JSONObject = [:]
        if !paths.lowerDirectories.isEmpty {
            data.append("LowerDir", .string(paths.lowerDirectories.joined(separator: ":")))
        }
        if !paths.mergedDirectory.isEmpty { data.append("MergedDir", .string(paths.mergedDirectory)) }
        if !paths.upperDirectory.isEmpty { data.append("UpperDir", .string(paths.upperDirectory)) }
        if !paths.workDirectory.isEmpty { data.append("WorkDir", .string(paths.workDirectory)) }
        return ["Data": data.isEmpty ? nil : .object(data), "Name": "overlay2"]
    }

    /// Every mount except those of `--tmpfs`, which Docker shows in HostConfig only.
    private var mounts: JSON {
        .array(
            spec.mounts.filter { $0.origin != .tmpfs }.map { mount in
                let kind = mount.source.kind
                var answer: JSONObject = ["Type": .string(kind.rawValue)]
                if case .volume(let name) = mount.source { answer.append("Name", .string(name)) }
                answer.append("Source", .string(mount.source.hostPath ?? ""))
                answer.append("Destination", .string(mount.target))
                if kind == .volume { answer.append("Driver", "local") }
                answer.append("Mode", .string(mount.origin == .binds ? mount.options : ""))
                answer.append("RW", .bool(!mount.readOnly))
                let propagation = mount.propagation.isEmpty && kind == .bind ? "rprivate" : mount.propagation
                answer.append("Propagation", .string(propagation))
                return .object(answer)
            })
    }

    private func config(in words: RequestWords) -> JSON {
        let process = spec.process
        let hostname = spec.hostname.isEmpty && spec.network.mode != .host ? container.id.short : spec.hostname
        var config: JSONObject = [
            "Hostname": .string(hostname), "Domainname": .string(spec.domainname), "User": .string(process.user),
            "AttachStdin": .bool(process.attachStdin), "AttachStdout": .bool(process.attachStdout),
            "AttachStderr": .bool(process.attachStderr),
        ]
        if !spec.network.exposedPorts.isEmpty {
            config.append("ExposedPorts", .object(JSONObject(spec.network.exposedPorts.map { ($0, [:]) })))
        }
        let middle: [(String, JSON)] = [
            ("Tty", .bool(process.terminal)), ("OpenStdin", .bool(process.openStdin)),
            ("StdinOnce", .bool(process.stdinOnce)), ("Env", .stringsOrNull(process.environment)),
            ("Cmd", process.command.map { .strings($0) } ?? nil),
        ]
        for (name, value) in middle { config.append(name, value) }
        if let healthcheck = spec.healthcheck { config.append("Healthcheck", healthcheck.json) }
        if let escaped = words["ArgsEscaped"] { config.append("ArgsEscaped", escaped) }
        let last: [(String, JSON)] = [
            ("Image", .string(spec.image)), ("Volumes", volumes(in: words)),
            ("WorkingDir", .string(process.workingDirectory)),
            ("Entrypoint", process.entrypoint.map { .strings($0) } ?? nil), ("OnBuild", words["OnBuild"] ?? nil),
            ("Labels", .stringMap(spec.labels)),
        ]
        for (name, value) in last { config.append(name, value) }
        if spec.network.disabled { config.append("NetworkDisabled", true) }
        if let signal = spec.stopSignal {
            config.append("StopSignal", .string(spec.stopSignalText.isEmpty ? signal.description : spec.stopSignalText))
        }
        if let timeout = spec.stopTimeout { config.append("StopTimeout", .integer(timeout)) }
        if !process.shell.isEmpty { config.append("Shell", .strings(process.shell)) }
        return .object(config)
    }

    /// Those of the request and those of the image, by name.
    private func volumes(in words: RequestWords) -> JSON {
        let said = words["Volumes"]
        let others = spec.imageVolumes.filter { volume in
            !(said?.members.contains { $0.name.isSame(bytes: volume) } ?? false)
        }
        if others.isEmpty { return said ?? nil }
        let all = (said?.members.map(\.name) ?? []) + others
        return .object(JSONObject(all.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map { ($0, [:]) }))
    }

    private var networkSettings: JSON {
        [
            "Bridge": "", "SandboxID": .string(container.paths.sandbox.isEmpty ? "" : container.id.text),
            "SandboxKey": .string(container.paths.sandbox), "Ports": [:],
            "HairpinMode": false, "LinkLocalIPv6Address": "", "LinkLocalIPv6PrefixLen": 0,
            "SecondaryIPAddresses": nil, "SecondaryIPv6Addresses": nil, "EndpointID": "", "Gateway": "",
            "GlobalIPv6Address": "", "GlobalIPv6PrefixLen": 0, "IPAddress": "", "IPPrefixLen": 0, "IPv6Gateway": "",
            "MacAddress": "", "Networks": networks,
        ]
    }

    private var networks: JSON {
        if spec.network.disabled { return [:] }
        return PredefinedNetwork(rawValue: spec.network.mode.text)?.membership ?? [:]
    }

    /// The AppArmor profile: what an option names, else the standard one where there is one.
    private var profile: String {
        let standard =
            defaults.appArmorProfile.isEmpty || !spec.security.privileged ? defaults.appArmorProfile : "unconfined"
        let named = spec.security.options.last { $0.hasPrefix(bytes: "apparmor=") || $0.hasPrefix(bytes: "apparmor:") }
        return named.map { String($0.dropFirst("apparmor=".count)) } ?? standard
    }

    // MARK: list

    /// Writes one element of the answer to `GET /containers/json`. `image` is its image's name, if that is still of this image.
    private func writeSummary(into stream: inout JSONStream, now: WallTime, image: String) {
        let spec = container.spec
        stream.object { stream in
            stream.member("Id", container.id.text)
            stream.name("Names")
            stream.array(CollectionOfOne("/" + container.name.text)) { $0.value($1) }
            stream.member("Image", image)
            stream.member("ImageID", spec.imageID)
            stream.member("Command", commandLine)
            stream.member("Created", .integer(container.created.seconds))
            stream.name("Ports")
            stream.value(encoded: Self.none)
            if let size = container.size {
                if size.writable != 0 { stream.member("SizeRw", .integer(size.writable)) }
                stream.member("SizeRootFs", .integer(size.rootfs))
            }
            stream.member("Labels", .stringMap(spec.labels))
            stream.member("State", container.state.status.rawValue)
            stream.member("Status", container.state.statusText(now: now))
            stream.name("HostConfig")
            stream.object { stream in
                stream.member("NetworkMode", spec.network.mode.shown)
                if !spec.annotations.isEmpty, version > .listWithoutAnnotations {
                    stream.member("Annotations", .stringMap(spec.annotations))
                }
            }
            stream.name("NetworkSettings")
            stream.object { stream in
                stream.name("Networks")
                stream.value(
                    encoded: PredefinedNetwork(rawValue: spec.network.mode.text)?.encodedMembership ?? Self.nothing)
            }
            stream.name("Mounts")
            if spec.mounts.isEmpty { stream.value(encoded: Self.none) } else { stream.value(mounts) }
        }
    }

    private static let none = JSON.array([]).encoded()
    private static let nothing = JSON.object([:]).encoded()

    /// The answer to `GET /containers/json`, in the order given. `image` tells the ID of the image that a name means now: a container
    /// whose image has lost its name to another shows its image's ID.
    public static func list(
        _ containers: [ContainerSnapshot], now: WallTime, version: APIVersion = .current, image: (String) -> String?
    ) -> [UInt8] {
        // bounded: by the number of containers.
        var stream = JSONStream(capacity: 1024 * (1 + containers.count))
        writeList(containers, into: &stream, now: now, version: version, image: image)
        return stream.bytes
    }

    /// Writes the array that `list` answers.
    public static func writeList(
        _ containers: [ContainerSnapshot], into stream: inout JSONStream, now: WallTime, version: APIVersion,
        image: (String) -> String?
    ) {
        var known: [String: String?] = [:]
        stream.array(containers) { stream, container in
            let spec = container.spec
            let present = known[spec.image] ?? image(spec.image)
            known[spec.image] = .some(present)
            let isItsOwn = spec.imageID.isEmpty || present == spec.imageID
            ContainerAnswer(container, version: version).writeSummary(
                into: &stream, now: now, image: isItsOwn ? spec.image : spec.imageID)
        }
    }

    /// The command column of `ps`: arguments that hold spaces are in quotes.
    var commandLine: String {
        let arguments = spec.process.arguments
        guard let path = arguments.first else { return "" }
        return ([path] + arguments.dropFirst().map { $0.contains(byte: " ") ? "'\($0)'" : $0 }).joined(separator: " ")
    }
}

extension HealthcheckSpec {
    /// Docker's `HealthConfig`; zero values are left out.
    public var json: JSON {
        var answer: JSONObject = [:]
        if !test.isEmpty { answer.append("Test", .strings(test)) }
        for (name, span) in [
            ("Interval", interval), ("Timeout", timeout), ("StartPeriod", startPeriod),
            ("StartInterval", startInterval), ("Retries", Int64(clamping: retries)),
        ] where span != 0 {
            answer.append(name, .integer(span))
        }
        return .object(answer)
    }
}
