public import JSONFormat

/// The networks that always exist. Their IDs never change, so that a client can keep them.
public enum PredefinedNetwork: String, CaseIterable, Sendable {
    case host
    case none

    /// 64 hexadecimal digits.
    public var id: String {
        switch self {
        case .host: "b1f0e5a9c3d70000000000000000000000000000000000000000000000000001"
        case .none: "4d2c8e6f07a10000000000000000000000000000000000000000000000000002"
        }
    }

    /// What the settings of a container that is in it say, by its name.
    var membership: JSON {
        [
            rawValue: [
                "IPAMConfig": nil, "Links": nil, "Aliases": nil, "MacAddress": "", "DriverOpts": nil,
                "NetworkID": .string(id), "EndpointID": "", "Gateway": "", "IPAddress": "", "IPPrefixLen": 0,
                "IPv6Gateway": "", "GlobalIPv6Address": "", "GlobalIPv6PrefixLen": 0, "DNSNames": nil,
            ]
        ]
    }

    /// The same as text, made once: every element of a list has it.
    var encodedMembership: [UInt8] {
        switch self {
        case .host: Self.hostText
        case .none: Self.noneText
        }
    }

    private static let hostText = host.membership.encoded()
    private static let noneText = none.membership.encoded()

    /// The driver's name in Docker's words.
    public var driver: String {
        switch self {
        case .host: "host"
        case .none: "null"
        }
    }

    /// A network by name, ID or the beginning of an ID.
    public init?(reference: String) {
        if let named = PredefinedNetwork(rawValue: reference) {
            self = named
            return
        }
        let matching = PredefinedNetwork.allCases.filter { !reference.isEmpty && $0.id.hasPrefix(reference) }
        guard matching.count == 1, let only = matching.first else { return nil }
        self = only
    }

    /// The network as `network inspect` shows it.
    public var json: JSON {
        [
            "Name": .string(rawValue), "Id": .string(id), "Created": "0001-01-01T00:00:00Z", "Scope": "local",
            "Driver": .string(driver), "EnableIPv6": false,
            "IPAM": ["Driver": "default", "Options": nil, "Config": []],
            "Internal": false, "Attachable": false, "Ingress": false, "ConfigFrom": ["Network": ""],
            "ConfigOnly": false, "Containers": [:], "Options": [:], "Labels": [:],
        ]
    }
}
