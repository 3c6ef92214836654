public import JSONFormat
public import Model

/// What `version` and `info` tell of the supervisor and its host.
public struct SystemFacts: Sendable {
    /// The newest API version, the one advertised.
    public var apiVersion = ""
    /// The oldest API version accepted.
    public var minimumAPIVersion = ""
    /// The daemon's own version.
    public var serverVersion = "\(Release.version)"
    /// An identity of this daemon.
    public var id = ""
    /// Where state lives.
    public var dataRoot = ""
    /// All containers.
    public var containers = 0
    /// Containers that run.
    public var running = 0
    /// Containers that are paused.
    public var paused = 0
    /// Containers that do not run.
    public var stopped = 0
    /// Images that are here.
    public var images = 0
    /// The host's name.
    public var hostname = ""
    /// As uname(2) says.
    public var kernelVersion = ""
    /// As os-release says.
    public var operatingSystem = ""
    /// As os-release says.
    public var osVersion = ""
    /// As uname(2) says: `x86_64`, `aarch64`.
    public var machine = ""
    /// Processors on line.
    public var processors = 1
    /// Bytes.
    public var memory: Int64 = 0
    /// `1` or `2`.
    public var cgroupVersion = "2"
    /// The isolation used when a container names none.
    public var defaultRuntime = RuntimeName.native
    /// Paths by name.
    public var runtimes: [String: String] = [:]
    /// The log driver used when a container names none.
    public var logDriver = LogDriver.standard
    /// The log drivers there are.
    public var logDrivers = LogDriver.names
    /// As Docker writes them: `name=seccomp,profile=default`.
    public var securityOptions: [String] = []
    /// What the operator should know.
    public var warnings: [String] = []
    /// RFC 3339.
    public var systemTime = ""

    /// Facts with nothing filled in.
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

    /// The answer to `GET /info`.
    public var infoJSON: JSON {
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
        for (name, value) in hostMembers { info.append(name, value) }
        return .object(info)
    }

    private var hostMembers: [(String, JSON)] {
        let paths = runtimes.merging([RuntimeName.native.text: "sereno-keeper"]) { own, _ in own }
        let runtimes = paths.sorted { $0.key < $1.key }.map { ($0.key, ["path": .string($0.value)] as JSON) }
        let noCommit: JSON = ["ID": "", "Expected": ""]
        return [
            ("KernelVersion", .string(kernelVersion)), ("OperatingSystem", .string(operatingSystem)),
            ("OSVersion", .string(osVersion)), ("OSType", "linux"), ("Architecture", .string(machine)),
            ("IndexServerAddress", ""),
            (
                "RegistryConfig",
                [
                    "AllowNondistributableArtifactsCIDRs": nil, "AllowNondistributableArtifactsHostnames": nil,
                    "InsecureRegistryCIDRs": [], "IndexConfigs": [:], "Mirrors": [],
                ]
            ),
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
            ("SecurityOptions", .strings(securityOptions)), ("CDISpecDirs", []),
            ("Warnings", .stringsOrNull(warnings)),
        ]
    }
}
