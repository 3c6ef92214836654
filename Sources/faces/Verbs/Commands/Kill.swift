import APIClient
import ArgumentParser
import Flags

/// `sereno kill`: sends a signal to containers; KILL when none is named.
struct Kill: Verb {
    static let configuration = CommandConfiguration(
        verb: "kill", abstract: "Kill one or more running containers")
    static let flags = FlagTable(values: "s/signal")
    static let arguments = "CONTAINER [CONTAINER...]"
    static let argumentCount = ArgumentCount.atLeast(1)

    @Option(name: .shortAndLong, help: "Signal to send to the container.")
    var signal: String?

    @Argument(help: .hidden)
    var containers: [String] = []

    func perform(in session: Session) throws -> Int32 {
        session.forEach(containers) { name in
            let query = signal.map { [(name: "signal", value: $0)] } ?? []
            try session.client.perform(Request(.post, "/containers/\(Request.segment(name))/kill", query: query))
        }
    }
}
