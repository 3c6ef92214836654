import APIClient
import ArgumentParser
import Flags
import JSONFormat

/// `sereno network connect`: connects a container to a network.
struct NetworkConnect: Verb {
    static let configuration = CommandConfiguration(verb: "connect", abstract: "Connect a container to a network")
    static let flags = FlagTable(
        values: "alias driver-opt ip ip6 link link-local-ip", integers: "gw-priority")
    static let arguments = "NETWORK CONTAINER"
    static let argumentCount = ArgumentCount.exactly(2)

    @Option(help: "Add network-scoped alias for the container.") var alias: [String] = []
    @Option(help: "Driver options for the network.") var driverOpt: [String] = []
    @Option(help: "Highest gw-priority provides the default gateway. Accepts positive and negative values.")
    var gwPriority: Int?
    @Option(help: "IPv4 address (e.g., \"172.30.100.104\").") var ip = ""
    @Option(help: "IPv6 address (e.g., \"2001:db8::33\").") var ip6 = ""
    @Option(help: "Add link to another container.") var link: [String] = []
    @Option(help: "Add a link-local address for the container.") var linkLocalIp: [String] = []

    @Argument(help: .hidden)
    var words: [String] = []

    func perform(in session: Session) throws -> Int32 {
        let addresses: JSONObject = [
            .init("IPv4Address", .string(ip)), .init("IPv6Address", .string(ip6)),
            .init("LinkLocalIPs", .strings(linkLocalIp.flatMap(NetworkPools.elements))),
        ]
        var endpoint: JSONObject = [
            .init("IPAMConfig", .object(addresses)), .init("Links", .strings(link)),
            .init("Aliases", .strings(alias.flatMap(NetworkPools.elements))),
            .init("DriverOpts", .object(CreateRequest.pairs(driverOpt.flatMap(NetworkPools.elements)))),
        ]
        if let gwPriority { endpoint.append(.init("GwPriority", .integer(gwPriority))) }
        let body: JSON = ["Container": .string(words[1]), "EndpointConfig": .object(endpoint)]
        try session.client.perform(
            Request(.post, "/networks/\(Request.segment(words[0]))/connect", body: .json(body)))
        return 0
    }
}

/// `sereno network disconnect`: disconnects a container from a network.
struct NetworkDisconnect: Verb {
    static let configuration = CommandConfiguration(
        verb: "disconnect", abstract: "Disconnect a container from a network")
    static let flags = FlagTable(switches: "f/force")
    static let arguments = "NETWORK CONTAINER"
    static let argumentCount = ArgumentCount.exactly(2)

    @Flag(name: .shortAndLong, help: "Force the container to disconnect from a network.")
    var force = false

    @Argument(help: .hidden)
    var words: [String] = []

    func perform(in session: Session) throws -> Int32 {
        let body: JSON = ["Container": .string(words[1]), "Force": .bool(force)]
        try session.client.perform(
            Request(.post, "/networks/\(Request.segment(words[0]))/disconnect", body: .json(body)))
        return 0
    }
}
