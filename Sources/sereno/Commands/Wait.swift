import APIClient
import ArgumentParser

/// `sereno wait`: blocks until containers stop and prints their exit codes.
struct Wait: Verb {
    static let configuration = CommandConfiguration(
        verb: "wait", abstract: "Block until one or more containers stop, then print their exit codes")
    static let arguments = "CONTAINER [CONTAINER...]"
    static let argumentCount = ArgumentCount.atLeast(1)

    @Argument(help: .hidden)
    var containers: [String] = []

    func perform(in session: Session) throws -> Int32 {
        session.forEach(containers, echo: false) { name in
            let answer = try session.client.json(Request(.post, "/containers/\(Request.segment(name))/wait"))
            if let message = answer["Error"]?["Message"]?.string, !message.isEmpty { throw ExitFailure(message) }
            Output.standard.line(String(answer["StatusCode"]?.integer ?? 0))
        }
    }
}
