public import JSONFormat
public import Model

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

    /// The scope of every network: one machine.
    static let scope = "local"

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
        let matching = PredefinedNetwork.allCases.filter { !reference.isEmpty && $0.id.hasPrefix(bytes: reference) }
        guard matching.count == 1, let only = matching.first else { return nil }
        self = only
    }

    /// The network in the form of `network ls`, which shows no containers.
    public var json: JSON { json(containers: [:]) }

    /// The network in the form of `network inspect`, with those of the containers that run in it.
    public func inspect(_ containers: [ContainerSnapshot]) -> JSON {
        var members: JSONObject = [:]
        for container in containers where container.state.running && container.spec.network.mode.text == rawValue {
            let member: JSON = [
                "Name": .string(container.name.text), "EndpointID": "", "MacAddress": "", "IPv4Address": "",
                "IPv6Address": "",
            ]
            members.append(container.id.text, member)
        }
        return json(containers: members)
    }

    private func json(containers: JSONObject) -> JSON {
        [
            "Name": .string(rawValue), "Id": .string(id), "Created": "0001-01-01T00:00:00Z",
            "Scope": .string(Self.scope),
            "Driver": .string(driver), "EnableIPv6": false,
            "IPAM": ["Driver": "default", "Options": nil, "Config": []],
            "Internal": false, "Attachable": false, "Ingress": false, "ConfigFrom": ["Network": ""],
            "ConfigOnly": false, "Containers": .object(containers), "Options": [:], "Labels": [:],
        ]
    }
}
