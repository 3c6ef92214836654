import APIClient
import ArgumentParser
import Flags
import GoTemplate
import JSONFormat
import Model
import Streaming

/// `sereno port`: shows the published ports of a container.
struct Port: Verb {
    static let configuration = CommandConfiguration(
        verb: "port", abstract: "List port mappings or a specific mapping for the container")
    static let arguments = "CONTAINER [PRIVATE_PORT[/PROTO]]"
    static let argumentCount = ArgumentCount.between(1, 2)

    @Argument(help: .hidden)
    var words: [String] = []

    func perform(in session: Session) throws -> Int32 {
        let answer = try session.value(Request(.get, "/containers/\(Request.segment(words[0]))/json"))
        let ports = answer["NetworkSettings"]?["Ports"]
        let lines: [String]
        if words.count > 1 {
            lines = try published(words[1], ports)
        } else {
            lines = (ports?.members ?? []).flatMap { port in
                port.value.elements.map { "\(port.name) -> \(Self.address($0))" }
            }
        }
        for line in lines.sorted(by: NaturalOrder.precedes) { Output.standard.line(line) }
        return 0
    }

    private func published(_ wanted: String, _ ports: JSON?) throws -> [String] {
        let parts = wanted.split(byte: "/", maxSplits: 1, omittingEmptySubsequences: false)
        let transport = parts.count > 1 && !parts[1].isEmpty ? String(parts[1]) : "tcp"
        if UInt16(parts[0]) == nil {
            let why = UInt64(parts[0]) == nil ? "invalid syntax" : "value out of range"
            throw ExitFailure(
                "Error: invalid port (\(parts[0])): strconv.ParseUint: parsing \(quoted(parts[0])): \(why)")
        }
        let found = ports?["\(parts[0])/\(transport)"]?.elements ?? []
        guard !found.isEmpty else {
            throw ExitFailure("Error: No public port '\(wanted)' published for \(words[0])")
        }
        return found.map(Self.address)
    }

    private static func address(_ binding: JSON) -> String {
        let host = binding["HostIp"]?.string ?? ""
        return (host.contains(":") ? "[\(host)]" : host) + ":" + (binding["HostPort"]?.string ?? "")
    }
}

/// An order of texts in which numbers count by their value.
enum NaturalOrder {
    /// Whether `left` comes before `right`.
    static func precedes(_ left: String, _ right: String) -> Bool {
        var left = Array(left.utf8)[...]
        var right = Array(right.utf8)[...]
        while let first = left.first, let second = right.first {
            if isDigit(first), isDigit(second) {
                let a = takeNumber(&left)
                let b = takeNumber(&right)
                if a.count != b.count { return a.count < b.count }
                if !a.elementsEqual(b) { return a.lexicographicallyPrecedes(b) }
                continue
            }
            if first != second { return first < second }
            left = left.dropFirst()
            right = right.dropFirst()
        }
        return left.isEmpty && !right.isEmpty
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }

    private static func takeNumber(_ text: inout ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let number = text.prefix(while: isDigit)
        text = text.dropFirst(number.count)
        return number.drop { $0 == 48 }
    }
}
