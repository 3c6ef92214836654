import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Flags
@testable import Verbs

@Suite("Networks and volumes are asked for as Docker's client does", .timeLimit(.minutes(2)))
struct NetworkCommandTests {
    private func bodies(_ words: [String]) throws -> (bodies: [String], result: Command) {
        let bench = try Bench()
        let bodies = Mutex<[String]>([])
        let engine = FakeEngine(at: bench.socket) { exchange in
            bodies.withLock { $0.append("\(exchange.path) \(exchange.body)") }
            exchange.answer(201, #"{"Id":"n1","Name":"v1","Warning":"mind it"}"#)
        }
        defer { engine.stop() }
        let result = try BackgroundCommand(try bench.words(words)).wait()
        return (bodies.withLock { $0 }, result)
    }

    @Test("network create sends what was typed, and prints the ID")
    func create() throws {
        let (bodies, result) = try bodies([
            "network", "create", "--subnet", "10.0.0.0/8,fd00::/64", "--gateway", "fd00::1", "--ip-range",
            "10.1.0.0/16", "--aux-address", "router=10.0.0.9", "--ipv6", "--ipv4=false", "-o", "a=b", "--label", "l",
            "--attachable", "net",
        ])
        #expect(
            bodies == [
                #"/networks/create {"Name":"net","Driver":"bridge","Scope":"","EnableIPv4":false,"EnableIPv6":true,"IPAM":"#
                    + #"{"Driver":"default","Options":{},"Config":[{"Subnet":"10.0.0.0/8","IPRange":"10.1.0.0/16","#
                    + #""AuxiliaryAddresses":{"router":"10.0.0.9"}},{"Subnet":"fd00::/64","Gateway":"fd00::1"}]},"#
                    + #""Internal":false,"Attachable":true,"Ingress":false,"ConfigOnly":false,"Options":{"a":"b"},"#
                    + #""Labels":{"l":""}}"#
            ])
        #expect(result.output == "n1\n")
        #expect(result.error == "WARNING: mind it\n")
    }

    @Test("network connect and disconnect, and volume create")
    func others() throws {
        let connect = try bodies(["network", "connect", "--alias", "a", "--gw-priority", "-3", "net", "web"])
        #expect(
            connect.bodies == [
                #"/networks/net/connect {"Container":"web","EndpointConfig":{"IPAMConfig":{"IPv4Address":"","IPv6Address":"","#
                    + #""LinkLocalIPs":[]},"Links":[],"Aliases":["a"],"DriverOpts":{},"GwPriority":-3}}"#
            ])
        let disconnect = try bodies(["network", "disconnect", "-f", "net", "web"])
        #expect(disconnect.bodies == [#"/networks/net/disconnect {"Container":"web","Force":true}"#])
        let volume = try bodies(["volume", "create", "-o", "type=tmpfs", "--label", "a=b", "data"])
        #expect(
            volume.bodies == [
                #"/volumes/create {"Name":"data","Driver":"local","DriverOpts":{"type":"tmpfs"},"Labels":{"a":"b"}}"#
            ])
        #expect(volume.result.output == "v1\n")
        let twice = try bodies(["volume", "create", "--name", "a", "b"])
        #expect(twice.result.error.hasPrefix("conflicting options: cannot specify a volume-name through both --name"))
    }

    @Test(
        "pools that do not fit are refused before anything is sent",
        arguments: [
            (["--gateway", "10.0.0.1"], "every ip-range or gateway must have a corresponding subnet"),
            (["--subnet", "10.0.0.0/8", "--gateway", "11.0.0.1"], "no matching subnet for gateway 11.0.0.1"),
            (["--subnet", "10.0.0.0/8", "--ip-range", "x"], "no matching subnet for range x"),
            (["--subnet", "10.0.0.0/8", "--aux-address", "a=9.9.9.9"], "no matching subnet for aux-address 9.9.9.9"),
            (
                ["--subnet", "10.0.0.0/8", "--subnet", "10.1.0.0/16"],
                "multiple overlapping subnet configuration is not supported"
            ),
            (
                ["--subnet", "10.0.0.0/8", "--subnet", "11.0.0.0/8", "--gateway", "10.0.0.1", "--gateway", "10.0.0.2"],
                "cannot configure multiple gateways (10.0.0.2, 10.0.0.1) for the same subnet (10.0.0.0/8)"
            ),
            (
                ["--subnet", "10.0.0.0/33", "--gateway", "10.0.0.1"],
                "invalid subnet: invalid CIDR address: 10.0.0.0/33"
            ),
        ])
    func pools(options: [String], error: String) throws {
        let (bodies, result) = try bodies(["network", "create"] + options + ["net"])
        #expect(bodies == [])
        #expect(result.error == error + "\n")
        #expect(result.status.code == 1)
    }
}
