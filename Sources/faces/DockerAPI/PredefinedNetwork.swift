public import JSONFormat

/// A network that always exists. Its ID never changes, so that a client can keep it.
public enum PredefinedNetwork: String, CaseIterable, Sendable {
    case host
    case none

    /// The ID: 64 hexadecimal digits.
    public var id: String {
        switch self {
        case .host: "b1f0e5a9c3d70000000000000000000000000000000000000000000000000001"
        case .none: "4d2c8e6f07a10000000000000000000000000000000000000000000000000002"
        }
    }

    /// The network settings of a container in this network, under the network's name.
    var membership: JSON {
        [
            rawValue: [
                "IPAMConfig": nil, "Links": nil, "Aliases": nil, "MacAddress": "", "DriverOpts": nil,
                "NetworkID": .string(id), "EndpointID": "", "Gateway": "", "IPAddress": "", "IPPrefixLen": 0,
                "IPv6Gateway": "", "GlobalIPv6Address": "", "GlobalIPv6PrefixLen": 0, "DNSNames": nil,
            ]
        ]
    }

    /// `membership` as text. It is made once, as every element of a list holds it.
    var encodedMembership: [UInt8] {
        switch self {
        case .host: Self.hostText
        case .none: Self.noneText
        }
    }

    private static let hostText = host.membership.encoded()
    private static let noneText = none.membership.encoded()

    /// The driver's name for Docker's clients.
    public var driver: String {
        switch self {
        case .host: "host"
        case .none: "null"
        }
    }

    /// A network by its name, its ID or an unambiguous beginning of its ID.
    public init?(reference: String) {
        if let named = PredefinedNetwork(rawValue: reference) {
            self = named
            return
        }
        let matching = PredefinedNetwork.allCases.filter { !reference.isEmpty && $0.id.hasPrefix(reference) }
        guard matching.count == 1, let only = matching.first else { return nil }
        self = only
    }

    /// The network in the form of `network inspect`.
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
