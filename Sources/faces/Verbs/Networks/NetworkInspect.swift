import APIClient
import ArgumentParser
import Flags

/// `sereno network inspect`: shows the engine's full descriptions of networks.
struct NetworkInspect: Verb {
    static let configuration = CommandConfiguration(
        verb: "inspect", abstract: "Display detailed information on one or more networks")
    static let flags = FlagTable(switches: "v/verbose", values: "f/format")
    static let arguments = "NETWORK [NETWORK...]"
    static let argumentCount = ArgumentCount.atLeast(1)

    @Option(name: .shortAndLong, help: "Format output using a custom template: 'json' or 'TEMPLATE'.")
    var format = ""

    @Flag(name: .shortAndLong, help: "Verbose output for diagnostics.")
    var verbose = false

    @Argument(help: .hidden)
    var networks: [String] = []

    func perform(in session: Session) throws -> Int32 {
        try Inspection(format: format).show(networks) { name in
            var request = InspectedKind.network.request(name, size: false)
            if verbose { request.query = [("verbose", "true")] }
            return try session.client.open(request).body()
        }
    }
}
