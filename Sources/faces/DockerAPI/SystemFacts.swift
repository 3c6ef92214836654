public import JSONFormat
public import Model

/// Facts about the supervisor and its host, for `version` and `info`.
public struct SystemFacts: Sendable {
    /// The newest API version served; it is the one advertised.
    public var apiVersion = ""
    /// The oldest API version accepted.
    public var minimumAPIVersion = ""
    /// The daemon's own version.
    public var serverVersion = "\(Release.version)"
    /// The ID of this daemon.
    public var id = ""
    /// The directory that holds the daemon's state.
    public var dataRoot = ""
    /// Number of all containers.
    public var containers = 0
    /// Number of containers that run.
    public var running = 0
    /// Number of containers that are paused.
    public var paused = 0
    /// Number of containers that do not run.
    public var stopped = 0
    /// Number of images.
    public var images = 0
    /// The host's name.
    public var hostname = ""
    /// The kernel's release, from uname(2).
    public var kernelVersion = ""
    /// The system's name, from os-release.
    public var operatingSystem = ""
    /// The system's version, from os-release.
    public var osVersion = ""
    /// The machine from uname(2): `x86_64`, `aarch64`.
    public var machine = ""
    /// Number of processors on line.
    public var processors = 1
    /// Memory of the host, in bytes.
    public var memory: Int64 = 0
    /// The version of the host's cgroups: `1` or `2`.
    public var cgroupVersion = "2"
    /// The isolation used when a container names none.
    public var defaultRuntime = RuntimeName.native
    /// Paths of the runtimes, by name.
    public var runtimes: [String: String] = [:]
    /// The log driver used when a container names none.
    public var logDriver = LogDriver.standard
    /// Names of all log drivers.
    public var logDrivers = LogDriver.names
    /// The security options in Docker's form: `name=seccomp,profile=default`.
    public var securityOptions: [String] = []
    /// Warnings for the operator.
    public var warnings: [String] = []
    /// The host's time in RFC 3339.
    public var systemTime = ""

    /// Facts that are empty, to be filled in.
    public init() {}

    /// Go's name of the architecture.
    public var architecture: String {
        switch machine {
        case "x86_64": "amd64"
        case "aarch64": "arm64"
        default: machine
        }
    }

    /// The answer to `GET /version`.
    public var versionJSON: JSON {
        let details: JSON = [
            "ApiVersion": .string(apiVersion), "Arch": .string(architecture), "BuildTime": "", "Experimental": "false",
            "GitCommit": "", "GoVersion": "", "KernelVersion": .string(kernelVersion),
            "MinAPIVersion": .string(minimumAPIVersion), "Os": "linux",
        ]
        return [
            "Platform": ["Name": "sereno"],
            "Components": [["Name": "Engine", "Version": .string(serverVersion), "Details": details]],
            "Version": .string(serverVersion), "ApiVersion": .string(apiVersion),
            "MinAPIVersion": .string(minimumAPIVersion), "GitCommit": "", "GoVersion": "", "Os": "linux",
            "Arch": .string(architecture), "KernelVersion": .string(kernelVersion), "BuildTime": "",
        ]
    }

    /// The answer to `GET /info` in a version of the API.
    public func infoJSON(_ version: APIVersion = .current) -> JSON {
        var info: JSONObject = [
            "ID": .string(id), "Containers": .integer(containers), "ContainersRunning": .integer(running),
            "ContainersPaused": .integer(paused), "ContainersStopped": .integer(stopped), "Images": .integer(images),
            "Driver": "overlay2", "DriverStatus": [["Native Overlay Diff", "true"]],
            "Plugins": [
                "Volume": [], "Network": ["host", "null"], "Authorization": nil, "Log": .strings(logDrivers),
            ],
            "MemoryLimit": true, "SwapLimit": true, "CpuCfsPeriod": true, "CpuCfsQuota": true, "CPUShares": true,
            "CPUSet": true, "PidsLimit": true, "IPv4Forwarding": true, "BridgeNfIptables": false,
            "BridgeNfIp6tables": false, "Debug": false, "NFd": 0, "OomKillDisable": .bool(cgroupVersion == "1"),
            "NGoroutines": 1, "SystemTime": .string(systemTime), "LoggingDriver": .string(logDriver.rawValue),
            "CgroupDriver": "cgroupfs", "CgroupVersion": .string(cgroupVersion), "NEventsListener": 0,
        ]
        // Limits of the kernel's memory exist with cgroups v1 alone.
        if version <= .kernelMemory { info.append("KernelMemory", .bool(cgroupVersion == "1")) }
        info.append("KernelMemoryTCP", .bool(cgroupVersion == "1"))
        for (name, value) in hostMembers(version) { info.append(name, value) }
        return .object(info)
    }

    private func securityOptions(_ version: APIVersion) -> [String] {
        guard version <= .namesOfSecurityOptions else { return securityOptions }
        return securityOptions.map { option in
            let name = option.split(byte: ",").first?.dropping(prefix: "name=")
            return name.map { String($0) } ?? option
        }
    }

    private func registries(_ version: APIVersion) -> JSON {
        var registries: JSONObject = ["InsecureRegistryCIDRs": [], "IndexConfigs": [:], "Mirrors": []]
        if version <= .undistributedLayers {
            registries.append("AllowNondistributableArtifactsCIDRs", nil)
            registries.append("AllowNondistributableArtifactsHostnames", nil)
        }
        return .object(registries)
    }

    private func hostMembers(_ version: APIVersion) -> [(String, JSON)] {
        let paths = runtimes.merging([RuntimeName.native.text: "sereno-keeper"]) { own, _ in own }
        let runtimes = paths.sorted { $0.key < $1.key }.map { ($0.key, ["path": .string($0.value)] as JSON) }
        let noCommit: JSON = ["ID": "", "Expected": ""]
        return [
            ("KernelVersion", .string(kernelVersion)), ("OperatingSystem", .string(operatingSystem)),
            ("OSVersion", .string(osVersion)), ("OSType", "linux"), ("Architecture", .string(machine)),
            ("IndexServerAddress", ""),
            ("RegistryConfig", registries(version)),
            ("NCPU", .integer(processors)), ("MemTotal", .integer(memory)), ("GenericResources", nil),
            ("DockerRootDir", .string(dataRoot)), ("HttpProxy", ""), ("HttpsProxy", ""), ("NoProxy", ""),
            ("Name", .string(hostname)), ("Labels", []), ("ExperimentalBuild", false),
            ("ServerVersion", .string(serverVersion)), ("Runtimes", .object(JSONObject(runtimes))),
            ("DefaultRuntime", .string(defaultRuntime.text)),
            (
                "Swarm",
                [
                    "NodeID": "", "NodeAddr": "", "LocalNodeState": "inactive", "ControlAvailable": false,
                    "Error": "", "RemoteManagers": nil,
                ]
            ),
            ("LiveRestoreEnabled", true), ("Isolation", ""), ("InitBinary", "sereno-keeper"),
            ("ContainerdCommit", noCommit), ("RuncCommit", noCommit), ("InitCommit", noCommit),
            ("SecurityOptions", .strings(securityOptions(version))), ("CDISpecDirs", []),
            ("Warnings", .strings(warnings)),
        ]
    }
}
