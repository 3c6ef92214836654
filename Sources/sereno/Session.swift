import APIClient

/// What one run of the command has: the engine it talks to and what was said before the verb.
final class Session {
    /// The engine.
    let client: EngineClient
    /// The words before the verb.
    let options: GlobalOptions
    /// The environment, read once.
    let environment: [String: String]

    init(options: GlobalOptions, environment: [String: String]) throws {
        self.options = options
        self.environment = environment
        let host = options.host ?? environment["DOCKER_HOST"].flatMap { $0.isEmpty ? nil : $0 }
        let address: EngineAddress = try host.map { try EngineAddress(parsing: $0) } ?? .standard
        self.client = EngineClient(address: address, version: environment["DOCKER_API_VERSION"])
    }
}
