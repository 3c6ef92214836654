internal import GoTemplate
internal import JSONFormat

/// The ports of a container as one text: ranges joined, host addresses in front.
enum PublishedPorts {
    private struct Port {
        let address: String
        let inside: Int64
        let outside: Int64
        let transport: String

        init(_ json: JSON) {
            address = json["IP"]?.string ?? ""
            inside = json["PrivatePort"]?.integer ?? 0
            outside = json["PublicPort"]?.integer ?? 0
            transport = json["Type"]?.string ?? ""
        }

        func isBefore(_ other: Port) -> Bool {
            if inside != other.inside { return inside < other.inside }
            if address != other.address { return GoText.less(address, other.address) }
            if outside != other.outside { return outside < other.outside }
            return GoText.less(transport, other.transport)
        }
    }

    private struct Range {
        let key: (address: String, transport: String)
        var first: Int64
        var last: Int64

        var text: String {
            var text = String(first)
            if first != last { text += "-\(last)" }
            if !key.address.isEmpty { text = "\(PublishedPorts.join(key.address, text))->\(text)" }
            return text + "/" + key.transport
        }
    }

    static func text(_ ports: [JSON]) -> String {
        var finished: [String] = []
        var mapped: [String] = []
        var open: [Range] = []
        for port in ports.map(Port.init).sorted(by: { $0.isBefore($1) }) {
            if !port.address.isEmpty, port.outside != port.inside {
                mapped.append("\(join(port.address, String(port.outside)))->\(port.inside)/\(port.transport)")
                continue
            }
            let key = (address: port.address, transport: port.transport)
            guard let index = open.firstIndex(where: { $0.key == key }) else {
                open.append(Range(key: key, first: port.inside, last: port.inside))
                continue
            }
            if port.inside == open[index].last + 1 {
                open[index].last = port.inside
            } else {
                finished.append(open[index].text)
                open[index].first = port.inside
                open[index].last = port.inside
            }
        }
        return (finished + open.map(\.text) + mapped).joined(separator: ", ")
    }

    /// Go's `net.JoinHostPort`.
    static func join(_ address: String, _ port: String) -> String {
        address.contains(":") ? "[\(address)]:\(port)" : "\(address):\(port)"
    }
}
