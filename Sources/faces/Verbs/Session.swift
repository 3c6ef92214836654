import APIClient
import Flags
import Listings
import Streaming

/// The state of one run of the command: its engine and the options before the verb.
final class Session {
    /// The client of the engine.
    let client: EngineClient
    /// The options before the verb.
    let options: GlobalOptions
    /// The environment, read once.
    let environment: [String: String]

    init(options: GlobalOptions, environment: [String: String]) throws {
        if let context = options.context, !context.isEmpty {
            if options.host != nil {
                throw ExitFailure("conflicting options: cannot specify both --host and --context")
            }
            if context != ContextRow.name { throw Absence.context(context) }
        }
        self.options = options
        self.environment = environment
        let host = options.host ?? environment["DOCKER_HOST"].flatMap { $0.isEmpty ? nil : $0 }
        let verifies = options.tlsVerify || !(environment["DOCKER_TLS_VERIFY"] ?? "").isEmpty
        let address: EngineAddress =
            try host.map { try EngineAddress(parsing: $0, forTunnel: verifies) } ?? .standard
        self.client = EngineClient(
            address: address, tunnel: verifies ? try Self.tunnel(to: address, options, environment) : nil,
            version: environment["DOCKER_API_VERSION"])
    }

    /// The tunnel for TLS, which `sereno-tls` speaks; nil for Unix sockets, as with Docker's client.
    private static func tunnel(
        to address: EngineAddress, _ options: GlobalOptions, _ environment: [String: String]
    ) throws -> Tunnel? {
        guard case .tcp(let host, let port) = address else { return nil }
        guard let program = Programs.find("sereno-tls") else {
            throw ExitFailure("cannot find sereno-tls, which speaks TLS, beside sereno or in ../libexec/sereno")
        }
        let directory = environment["DOCKER_CERT_PATH"].flatMap { $0.isEmpty ? nil : $0 }
        let files = directory ?? (environment["HOME"] ?? "") + "/.docker"
        return Tunnel(
            program: program,
            arguments: [
                "connect", host, "\(port)", "--tlscacert", options.tlsAuthority ?? files + "/ca.pem",
                "--tlscert", options.tlsCertificate ?? files + "/cert.pem", "--tlskey",
                options.tlsKey ?? files + "/key.pem",
            ])
    }
}
