public import JSONFormat

/// JSON of the Engine API as a template sees it.
///
/// docker's command decodes an answer twice: into its own Go types, whose absent fields have zero values and whose
/// names sometimes differ from the JSON's, and, when the template fails on those, into plain maps.
public enum InspectValue {
    /// Renders a template over a document: through docker's types first and, where that fails, over the plain view.
    ///
    /// - Throws: `TemplateError` of the plain view.
    public static func render(_ template: Template, over document: JSON) throws(TemplateError) -> String {
        let (text, error) = template.run(typed(document))
        return error == nil ? text : try template.render(plain(document), missingKey: .error)
    }

    /// The plain view: maps that hold interfaces, and numbers as they were written.
    public static func plain(_ value: JSON) -> TemplateValue {
        switch value {
        case .null: .null(.interface)
        case .bool(let value): .bool(value)
        case .number(let text): .number(text)
        case .string(let text): .string(text)
        case .array(let elements): .array(elements.map(plain))
        case .object(let members): .map(TemplateMap(members.map { ($0.name, plain($0.value)) }))
        }
    }

    /// The view through docker's types.
    ///
    /// - Parameter key: the name under which the value stands, which tells a map from a struct.
    public static func typed(_ value: JSON, under key: String = "") -> TemplateValue {
        switch value {
        case .null: return .null(null(under: key))
        case .bool(let value): return .bool(value)
        case .number(let text):
            if let integer = Int64(text) { return .int(integer) }
            return .double(Double(text) ?? 0)
        case .string(let text): return .string(text)
        case .array(let elements):
            return .array(elements.map { typed($0, under: InspectNames.elementKey(of: key)) })
        case .object(let members):
            if InspectNames.maps.contains(key) {
                let isOfStrings = members.allSatisfy { $0.value.string != nil }
                return .map(
                    TemplateMap(
                        members.map { ($0.name, typed($0.value, under: InspectNames.elementKey(of: key))) },
                        zero: isOfStrings ? .string("") : .null(.interface)))
            }
            return .object(structure(members, under: key))
        }
    }

    private static func structure(_ members: JSONObject, under key: String) -> TemplateStruct {
        let present = Set(members.map(\.name))
        let silent = (InspectNames.optional[key] ?? []).filter { !present.contains($0.name) }
        return TemplateStruct(
            typeName: InspectNames.types[key] ?? "struct",
            fields: members.filter { !key.isEmpty || InspectNames.known.contains($0.name) }.map {
                // The options of a log driver are a map under a name that is a struct's elsewhere.
                ($0.name, typed($0.value, under: key == "LogConfig" ? $0.name + "#LogConfig" : $0.name))
            },
            silent: silent, goNames: InspectNames.goNames, order: InspectNames.order[key] ?? [])
    }

    private static func null(under key: String) -> TemplateValue.NullKind {
        if InspectNames.pointers.contains(key) { return .pointer }
        return InspectNames.maps.contains(key) ? .map : .slice
    }
}

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
