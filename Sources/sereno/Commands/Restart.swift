import APIClient
import ArgumentParser

/// `sereno restart`: a stop and a start.
struct Restart: Verb {
    static let configuration = CommandConfiguration(verb: "restart", abstract: "Restart one or more containers")
    static let flags = FlagTable(values: "s/signal", integers: "t/timeout time")
    static let arguments = "CONTAINER [CONTAINER...]"
    static let argumentCount = ArgumentCount.atLeast(1)

    @Option(name: .shortAndLong, help: "Signal to send to the container.")
    var signal: String?

    @Option(name: .shortAndLong, help: "Seconds to wait before killing the container.")
    var timeout: Int?

    @Option(name: .customLong("time"), help: .hidden)
    var time: Int?

    @Argument(help: .hidden)
    var containers: [String] = []

    func perform(in session: Session) throws -> Int32 {
        session.forEach(containers) {
            try session.client.perform(StopRequest.request("restart", $0, signal, timeout ?? time))
        }
    }
}
