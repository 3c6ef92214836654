import APIClient
import ArgumentParser
import Flags

/// The options of `stop` and `restart`.
struct StopOptions: ParsableArguments {
    static let flags = FlagTable(values: "s/signal", integers: "t/timeout time")

    @Option(name: .shortAndLong, help: "Signal to send to the container.")
    var signal: String?

    @Option(name: .shortAndLong, help: "Seconds to wait before killing the container.")
    var timeout: Int?

    @Option(name: .customLong("time"), help: .hidden)
    var time: Int?

    @Argument(help: .hidden)
    var containers: [String] = []

    /// Sends the request for each container.
    func perform(_ verb: String, in session: Session) -> Int32 {
        var query: [(name: String, value: String)] = []
        if let signal { query.append(("signal", signal)) }
        if let timeout = timeout ?? time { query.append(("t", String(timeout))) }
        return session.forEach(containers) { name in
            try session.client.perform(Request(.post, "/containers/\(Request.segment(name))/\(verb)", query: query))
        }
    }
}
