import APIClient
import ArgumentParser

/// `sereno stop`: the container's stop signal, a grace, then KILL.
struct Stop: Verb {
    static let configuration = CommandConfiguration(
        verb: "stop", abstract: "Stop one or more running containers")
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
            try session.client.perform(StopRequest.request("stop", $0, signal, timeout ?? time))
        }
    }
}

/// What `stop` and `restart` share.
enum StopRequest {
    static func request(_ verb: String, _ name: String, _ signal: String?, _ timeout: Int?) -> Request {
        var query: [(name: String, value: String)] = []
        if let signal { query.append(("signal", signal)) }
        if let timeout { query.append(("t", String(timeout))) }
        return Request(.post, "/containers/\(Request.segment(name))/\(verb)", query: query)
    }
}
