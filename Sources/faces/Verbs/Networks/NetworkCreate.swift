import APIClient
import ArgumentParser
import Flags
import JSONFormat
import Model
import Streaming

/// `sereno network create`: creates a network and prints its ID.
struct NetworkCreate: Verb {
    static let configuration = CommandConfiguration(verb: "create", abstract: "Create a network")
    static let flags = FlagTable(
        switches: "attachable config-only ingress internal ipv4 ipv6",
        values: "aux-address config-from d/driver gateway ip-range ipam-driver ipam-opt label o/opt scope subnet",
        kinds: ["label": .label], onByDefault: ["ipv4"])
    static let arguments = "NETWORK"
    static let argumentCount = ArgumentCount.exactly(1)

    @Flag(help: "Enable manual container attachment.") var attachable = false
    @Option(help: "Auxiliary IPv4 or IPv6 addresses used by Network driver.") var auxAddress: [String] = []
    @Option(help: "The network from which to copy the configuration.") var configFrom = ""
    @Flag(help: "Create a configuration only network.") var configOnly = false
    @Option(name: .shortAndLong, help: "Driver to manage the Network.") var driver = "bridge"
    @Option(help: "IPv4 or IPv6 Gateway for the master subnet.") var gateway: [String] = []
    @Flag(help: "Create swarm routing-mesh network.") var ingress = false
    @Flag(help: "Restrict external access to the network.") var `internal` = false
    @Option(help: "Allocate container ip from a sub-range.") var ipRange: [String] = []
    @Option(help: "IP Address Management Driver.") var ipamDriver = "default"
    @Option(help: "Set IPAM driver specific options.") var ipamOpt: [String] = []
    @Flag(inversion: .prefixedNo, help: "Enable or disable IPv4 address assignment.") var ipv4 = true
    @Flag(help: "Enable or disable IPv6 address assignment.") var ipv6 = false
    @Option(help: "Set metadata on a network.") var label: [String] = []
    @Option(name: .shortAndLong, help: "Set driver specific options.") var opt: [String] = []
    @Option(help: "Control the network's scope.") var scope = ""
    @Option(help: "Subnet in CIDR format that represents a network segment.") var subnet: [String] = []

    @Argument(help: .hidden)
    var name: String

    func perform(in session: Session) throws -> Int32 {
        let answer = try session.client.json(Request(.post, "/networks/create", body: .json(try body())))
        if let warning = answer["Warning"]?.string, !warning.isEmpty { Output.error.line("WARNING: \(warning)") }
        Output.standard.line(answer["Id"]?.string ?? "")
        return 0
    }

    private func body() throws(ExitFailure) -> JSON {
        var members: JSONObject = [
            .init("Name", .string(name)), .init("Driver", .string(driver)), .init("Scope", .string(scope)),
        ]
        if !ipv4 { members.append(.init("EnableIPv4", false)) }
        if ipv6 { members.append(.init("EnableIPv6", true)) }
        members += [
            .init(
                "IPAM",
                [
                    "Driver": .string(ipamDriver), "Options": .object(CreateRequest.pairs(ipamOpt)),
                    "Config": .array(try NetworkPools(subnet, ipRange, gateway, auxAddress).json),
                ]),
            .init("Internal", .bool(`internal`)), .init("Attachable", .bool(attachable)),
            .init("Ingress", .bool(ingress)), .init("ConfigOnly", .bool(configOnly)),
        ]
        if !configFrom.isEmpty { members.append(.init("ConfigFrom", ["Network": .string(configFrom)])) }
        members += [
            .init("Options", .object(CreateRequest.pairs(opt))), .init("Labels", .object(CreateRequest.pairs(label))),
        ]
        return .object(members)
    }
}
