internal import GoTemplate

/// What the JSON of the Engine API does not say about the Go types behind it.
enum InspectNames {
    /// Keys whose value is a Go map.
    static let maps: Set<String> = [
        "Labels", "Annotations", "Options", "Sysctls", "Tmpfs", "Volumes", "ExposedPorts", "Ports", "Networks",
        "PortBindings", "StorageOpt", "Config#LogConfig", "Data", "DriverOpts", "Details", "Runtimes", "Attributes",
        "Containers", "AuxiliaryAddresses", "IndexConfigs", "Metadata#", "Status#", "Storage#",
    ]

    /// Keys whose value is a pointer.
    static let pointers: Set<String> = [
        "Health", "MemorySwappiness", "OomKillDisable", "PidsLimit", "Init", "Healthcheck", "StopTimeout",
        "IPAMConfig", "SizeRw", "SizeRootFs", "UsageData", "ImageManifestDescriptor", "Manifests", "Cluster",
        "Platform", "Server", "Descriptor",
    ]

    /// Go's names of types that error texts may show.
    static let types: [String: String] = [
        "State": "*container.State", "HostConfig": "*container.HostConfig", "Config": "*container.Config",
        "RestartPolicy": "container.RestartPolicy", "NetworkSettings": "*container.NetworkSettings",
        "Client": "system.clientVersion", "Server": "*types.Version", "event": "events.Message",
        "empty event": "*events.Message",
        "Actor": "events.Actor", "Platform": "struct { Name string }", "info": "system.dockerInfo",
        "version": "system.versionInfo", "Components#": "types.ComponentVersion",
    ]

    /// Go's name of a field whose JSON key is another.
    static let goNames: [String: String] = [
        "Id": "ID", "HostIp": "HostIP", "CpuShares": "CPUShares", "NanoCpus": "NanoCPUs", "CpuPeriod": "CPUPeriod",
        "CpuQuota": "CPUQuota", "CpuRealtimePeriod": "CPURealtimePeriod",
        "CpuRealtimeRuntime": "CPURealtimeRuntime", "CpuCount": "CPUCount", "CpuPercent": "CPUPercent",
        "CpuCfsPeriod": "CPUCfsPeriod", "CpuCfsQuota": "CPUCfsQuota", "Dns": "DNS", "DnsOptions": "DNSOptions",
        "DnsSearch": "DNSSearch", "ApiVersion": "APIVersion", "HttpProxy": "HTTPProxy",
        "HttpsProxy": "HTTPSProxy", "scope": "Scope", "time": "Time", "timeNano": "TimeNano", "status": "Status",
        "id": "ID", "from": "From", "path": "Path", "runtimeArgs": "Args",
    ]

    /// Fields that docker's types have although the JSON leaves them out when empty.
    static let optional: [String: [(name: String, value: TemplateValue)]] = [
        "": [
            ("SizeRw", .null(.pointer)), ("SizeRootFs", .null(.pointer)), ("ExecIDs", .null(.slice)),
            ("ImageManifestDescriptor", .null(.pointer)), ("Parent", .string("")), ("Comment", .string("")),
            (
                "GraphDriver",
                .object(
                    TemplateStruct(
                        typeName: "storage.DriverData", fields: [("Data", .null(.map)), ("Name", .string(""))]))
            ),
            ("Author", .string("")), ("Variant", .string("")), ("OsVersion", .string("")),
        ],
        "State": [("Health", .null(.pointer))],
        "HostConfig": [
            ("Init", .null(.pointer)), ("Annotations", .null(.map)), ("StorageOpt", .null(.map)),
            ("Tmpfs", .null(.map)), ("Sysctls", .null(.map)), ("Mounts", .null(.slice)),
            ("Runtime", .string("")), ("UTSMode", .string("")),
        ],
        "Config": [
            ("ExposedPorts", .null(.map)), ("Healthcheck", .null(.pointer)), ("ArgsEscaped", .bool(false)),
            ("NetworkDisabled", .bool(false)), ("MacAddress", .string("")), ("StopSignal", .string("")),
            ("StopTimeout", .null(.pointer)), ("Shell", .null(.slice)), ("OnBuild", .null(.slice)),
        ],
        "Mounts#": [("Name", .string("")), ("Driver", .string(""))],
        "event": eventFields, "empty event": eventFields,
        "Client": [("Platform", .null(.pointer))],
        "Server": [
            ("Experimental", .bool(false)), ("BuildTime", .string("")), ("KernelVersion", .string("")),
            ("MinAPIVersion", .string("")),
            ("Platform", .object(TemplateStruct(typeName: "struct", fields: [("Name", .string(""))]))),
            ("Components", .null(.slice)),
        ],
    ]

    private static let eventFields: [(name: String, value: TemplateValue)] = [
        ("Status", .string("")), ("ID", .string("")), ("From", .string("")), ("Scope", .string("")), ("Time", .int(0)),
        ("TimeNano", .int(0)),
    ]

    /// The order in which the fields of a type print when its JSON leaves empty ones out.
    static let order: [String: [String]] = [
        "Mounts#": ["Type", "Name", "Source", "Destination", "Driver", "Mode", "RW", "Propagation"]
    ]

    /// The keys that docker's types have at the top; anything else is seen only in the plain view.
    static let known: Set<String> = [
        "Id", "Created", "Path", "Args", "State", "Image", "ResolvConfPath", "HostnamePath", "HostsPath", "LogPath",
        "Name", "RestartCount", "Driver", "Platform", "MountLabel", "ProcessLabel", "AppArmorProfile", "ExecIDs",
        "HostConfig", "GraphDriver", "SizeRw", "SizeRootFs", "Mounts", "Config", "NetworkSettings",
        "ImageManifestDescriptor", "RepoTags", "RepoDigests", "Parent", "Comment", "Container", "ContainerConfig",
        "DockerVersion", "Author", "Architecture", "Variant", "Os", "OsVersion", "Size", "VirtualSize", "RootFS",
        "Metadata", "Descriptor", "Manifests", "Scope", "EnableIPv4", "EnableIPv6", "IPAM", "Internal",
        "Attachable", "Ingress", "ConfigFrom", "ConfigOnly", "Containers", "Options", "Labels", "Peers", "Services",
        "CreatedAt", "Mountpoint", "Status", "UsageData", "ClusterVolume", "Enabled", "Settings", "PluginReference",
    ]

    /// The key that stands for an element of an array or a map.
    static func elementKey(of key: String) -> String { key + "#" }
}
