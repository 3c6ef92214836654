internal import Model

/// An address on which an engine listens, as in `-H` and `DOCKER_HOST`.
public enum EngineAddress: Hashable, Sendable {
    /// A Unix socket by its path.
    case unix(path: String)
    /// A TCP port of a numeric IPv4 address. Names are not looked up, but `localhost` is 127.0.0.1.
    case tcp(host: String, port: UInt16)

    /// sereno's own socket.
    public static let standard = EngineAddress.unix(path: "/run/sereno/sereno.sock")

    /// The longest path, in bytes, that fits `sun_path` of unix(7) with its closing zero.
    public static let maximumPathLength = 107

    /// Parses `unix://PATH`, a bare absolute path, or `tcp://ADDRESS:PORT` (port 2375 when left out). For a tunnel the
    /// host may be a name, as tunnels look names up, and the port is 2376 when left out.
    public init(parsing text: String, forTunnel: Bool = false) throws(ClientError) {
        if text.hasPrefix("unix://") || text.hasPrefix("/") {
            let path = text.hasPrefix("unix://") ? String(text.dropFirst(7)) : text
            guard !path.isEmpty, path.utf8.count <= Self.maximumPathLength else { throw .invalidAddress(text) }
            self = .unix(path: path)
            return
        }
        guard text.hasPrefix("tcp://") || text.hasPrefix("http://") else { throw .invalidAddress(text) }
        var rest = text.drop(while: { $0 != "/" }).dropFirst(2)
        if rest.last == "/" { rest.removeLast() }
        let parts = rest.split(byte: ":", omittingEmptySubsequences: false)
        guard let host = parts.first, parts.count <= 2 else { throw .invalidAddress(text) }
        let isLocal = host.isEmpty || host == "localhost"
        let name = isLocal && !forTunnel ? "127.0.0.1" : host.isEmpty ? "localhost" : String(host)
        let isKnown = forTunnel ? !name.contains("/") && !name.hasPrefix("-") : Self.ipv4(name) != nil
        guard isKnown, let port = UInt16(parts.count == 2 ? parts[1] : forTunnel ? "2376" : "2375") else {
            throw .invalidAddress(text)
        }
        self = .tcp(host: name, port: port)
    }

    /// The address in the form that `-H` takes.
    public var text: String {
        switch self {
        case .unix(let path): "unix://\(path)"
        case .tcp(let host, let port): "tcp://\(host):\(port)"
        }
    }

    /// The four bytes of a dotted address as one number, first byte highest.
    static func ipv4(_ text: String) -> UInt32? {
        let parts = text.split(byte: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var address: UInt32 = 0
        for part in parts {
            guard let byte = UInt8(part) else { return nil }
            address = address << 8 | UInt32(byte)
        }
        return address
    }
}
