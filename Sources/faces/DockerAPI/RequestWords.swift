import JSONFormat
internal import Model

/// What a create request said where inspect gives its words back, and not what they mean: `cap_net_admin` and not
/// `CAP_NET_ADMIN`, `null` and not `[]`. Tools such as Ansible compare the two, and make a container anew that seems changed.
///
/// Kept are the members alone whose words cannot be told from the specification.
struct RequestWords {
    /// The members that are given back as they were said, in no order of meaning.
    let members: JSONObject

    /// The words that a specification keeps.
    init(_ spec: ContainerSpec) {
        members = spec.words.isEmpty ? [] : ((try? JSON(parsing: spec.words.utf8))?.members ?? [])
    }

    /// The words of one member; `nil` when they are those that the specification gives.
    subscript(_ name: String) -> JSON? { members[name] }

    /// The text for `ContainerSpec.words`: the members of a request that inspect would show otherwise.
    static func kept(
        _ config: RequestFields, _ hostConfig: RequestFields, beside spec: ContainerSpec, version: APIVersion
    ) -> String {
        let answers = HostConfigAnswer(spec, defaults: .init()).members
        var kept = JSONObject()
        let parts: [([Row], RequestFields, JSONObject)] = [
            (configRows, config, ["Volumes": nil, "OnBuild": nil]), (hostConfigRows, hostConfig, answers),
        ]
        for (rows, fields, answer) in parts {
            for row in rows where version <= .kernelMemory || row.name != "KernelMemory" {
                var said = row.type.written(fields.value(row.name))
                let isEmpty = row.type.isEmpty(said)
                if isEmpty, row.empty == .null { said = .null }
                if isEmpty, row.empty == .absent { continue }
                if answer[row.name] != said { kept.append(row.name, said) }
            }
        }
        return kept.isEmpty ? "" : String(decoding: JSON.object(kept).encoded(), as: UTF8.self)
    }

    /// A member that is given back as it was said.
    private struct Row: Sendable {
        /// What dockerd shows for an empty list, map, text or number.
        enum Empty: Sendable { case asSaid, null, absent }

        let name: String
        let type: GoType
        let empty: Empty

        init(_ name: String, _ type: GoType, empty: Empty = .asSaid) {
            self.name = name
            self.type = type
            self.empty = empty
        }
    }

    private static let texts = GoType.list(.text)

    private static let configRows: [Row] = [
        Row("ArgsEscaped", .flag, empty: .absent), Row("Volumes", .map(.structure([])), empty: .null),
        Row("OnBuild", texts),
    ]

    private static let hostConfigRows: [Row] =
        [
            Row("Binds", texts), Row("PortBindings", .map(.list(.structure(portBinding)))), Row("VolumeDriver", .text),
            Row("VolumesFrom", texts), Row("Mounts", .list(.structure(mount)), empty: .absent),
            Row("CapAdd", .words), Row("CapDrop", .words), Row("Dns", texts), Row("DnsOptions", texts),
            Row("DnsSearch", texts), Row("ExtraHosts", texts), Row("GroupAdd", texts), Row("Cgroup", .text),
            Row("Links", texts, empty: .null), Row("SecurityOpt", texts), Row("Tmpfs", .map(.text), empty: .absent),
            Row("Isolation", .text), Row("Devices", .list(.structure(device))), Row("DeviceCgroupRules", texts),
            Row("DeviceRequests", texts), Row("Ulimits", .list(.pointer(ulimit))), Row("CpuCount", .number),
            Row("KernelMemory", .number, empty: .absent), Row("KernelMemoryTCP", .number, empty: .absent),
        ]
        + [
            "BlkioWeightDevice", "BlkioDeviceReadBps", "BlkioDeviceWriteBps", "BlkioDeviceReadIOps",
            "BlkioDeviceWriteIOps",
        ].map { Row($0, texts) }

    private static let portBinding: [GoType.Field] = [
        .init("HostIp", .text, omitsEmpty: false), .init("HostPort", .text, omitsEmpty: false),
    ]
    private static let device: [GoType.Field] = ["PathOnHost", "PathInContainer", "CgroupPermissions"].map {
        .init($0, .text, omitsEmpty: false)
    }
    private static let ulimit: [GoType.Field] = [
        .init("Name", .text, omitsEmpty: false), .init("Hard", .number, omitsEmpty: false),
        .init("Soft", .number, omitsEmpty: false),
    ]
    private static let mount: [GoType.Field] = [
        .init("Type", .text), .init("Source", .text), .init("Target", .text), .init("ReadOnly", .flag),
        .init("Consistency", .text),
        .init(
            "BindOptions",
            .pointer([
                .init("Propagation", .text), .init("NonRecursive", .flag), .init("CreateMountpoint", .flag),
                .init("ReadOnlyNonRecursive", .flag), .init("ReadOnlyForceRecursive", .flag),
            ])),
        .init(
            "TmpfsOptions",
            .pointer([.init("SizeBytes", .number), .init("Mode", .number), .init("Options", .list(texts))])),
    ]
}
