import APIClient
import Flags
import Model

/// The values of `-p [IP:][HOST[-HOST]:]CONTAINER[-CONTAINER][/PROTOCOL]` and `--expose`.
struct PortOption: Hashable {
    /// A container's port with its protocol, such as `80/tcp`.
    var port: String
    var hostAddress: String
    var hostPort: String

    /// The single ports that a text publishes.
    static func parse(_ text: String) throws(ExitFailure) -> [PortOption] {
        let (spec, transport) = splitProtocol(text)
        guard ["tcp", "udp", "sctp"].contains(transport.lowercased()) else {
            throw ExitFailure("invalid proto: \(transport)")
        }
        let (address, host, container) = try splitAddress(spec)
        guard !container.isEmpty else { throw ExitFailure("no port specified: \(text)<empty>") }
        guard let ports = range(container) else { throw ExitFailure("invalid containerPort: \(container)") }
        guard host.isEmpty || range(host) != nil else { throw ExitFailure("invalid hostPort: \(host)") }
        let hostPorts = host.isEmpty ? nil : range(host)
        if let hostPorts, hostPorts.count != ports.count, ports.count != 1 {
            throw ExitFailure(
                "invalid ranges specified for container and host Ports: \(container) and \(host)")
        }
        return ports.enumerated().map { index, port in
            var hostPort = ""
            if let hostPorts {
                hostPort = ports.count == 1 ? host : String(hostPorts.lowerBound + index)
            }
            return PortOption(port: "\(port)/\(transport.lowercased())", hostAddress: address, hostPort: hostPort)
        }
    }

    /// The single ports that a text exposes.
    static func exposed(_ text: String) throws(ExitFailure) -> [String] {
        if text.contains(byte: ":") { throw ExitFailure("invalid port format for --expose: \(text)") }
        let (spec, transport) = splitProtocol(text)
        guard let ports = range(spec) else {
            throw ExitFailure(
                "invalid range format for --expose: \(text), error: strconv.ParseUint: parsing \(quoted(spec)): invalid syntax"
            )
        }
        return ports.map { "\($0)/\(transport.lowercased())" }
    }

    private static func splitProtocol(_ text: String) -> (String, String) {
        let parts = text.split(byte: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        return (parts[0], parts.count == 2 && !parts[1].isEmpty ? parts[1] : "tcp")
    }

    private static func splitAddress(_ spec: String) throws(ExitFailure) -> (String, String, String) {
        if spec.hasPrefix(bytes: "["), let close = spec.firstIndex(ofByte: "]") {
            let address = String(spec[spec.utf8.index(after: spec.startIndex)..<close])
            let after = spec[spec.utf8.index(after: close)...]
            let rest = (after.dropping(prefix: ":") ?? after).split(
                byte: ":", omittingEmptySubsequences: false)
            return (address, rest.count > 1 ? String(rest[0]) : "", String(rest.last ?? ""))
        }
        let parts = spec.split(byte: ":", omittingEmptySubsequences: false).map(String.init)
        switch parts.count {
        case 1: return ("", "", parts[0])
        case 2: return ("", parts[0], parts[1])
        case 3: return (parts[0], parts[1], parts[2])
        default:
            return (parts.dropLast(2).joined(separator: ":"), parts[parts.count - 2], parts[parts.count - 1])
        }
    }

    private static func range(_ text: String) -> ClosedRange<Int>? {
        let parts = text.split(byte: "-", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let first = UInt16(parts[0]), let last = UInt16(parts[parts.count - 1]),
            first <= last
        else { return nil }
        return Int(first)...Int(last)
    }
}
