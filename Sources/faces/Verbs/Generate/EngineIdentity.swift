import APIClient
import Flags
import Generator

/// The kind of the engine that answers, and its address for a client on this machine.
struct EngineIdentity {
    var kind: EngineKind
    /// The engine's address; nil when a client finds it by itself.
    var address: String?

    /// Queries the engine.
    init(_ session: Session) throws {
        let answer = try session.client.json(Request(.get, "/version"))
        let names =
            [answer["Platform"]?["Name"]?.string] + (answer["Components"] ?? .null).elements.map { $0["Name"]?.string }
        let words = names.compactMap { $0?.lowercased() }
        kind = words.contains("sereno") ? .sereno : words.contains { $0.hasPrefix("podman") } ? .podman : .docker
        let text = session.client.address.text
        address = Self.usual(kind).contains(text) ? nil : text
    }

    /// The addresses at which the engine's own client looks.
    private static func usual(_ kind: EngineKind) -> Set<String> {
        switch kind {
        case .sereno: [EngineAddress.standard.text]
        case .docker: ["unix:///var/run/docker.sock", "unix:///run/docker.sock"]
        case .podman: ["unix:///run/podman/podman.sock", "unix:///var/run/podman/podman.sock"]
        }
    }
}
