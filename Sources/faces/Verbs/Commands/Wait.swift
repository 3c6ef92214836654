import APIClient
import ArgumentParser
import Flags
import JSONFormat
import Linux
import Model
import Streaming

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
            Output.standard.line(String(try end(of: name, session)))
        }
    }

    /// The exit code that the wait for a container returns, over any number of engines.
    private func end(of name: String, _ session: Session) throws -> Int64 {
        let begin = WallTime.now
        var absence = EngineAbsence()
        var wasAway = false
        while true {
            do {
                if wasAway, let code = try recordedExit(of: name, since: begin, session) { return code }
                let response = try session.client.open(Request(.post, "/containers/\(Request.segment(name))/wait"))
                absence.isOver()
                wasAway = true
                let answer = try response.json()
                if let message = answer["Error"]?["Message"]?.string, !message.isEmpty { throw ExitFailure(message) }
                return Int64(answer["StatusCode"]?.integer ?? 0)
            } catch let failure as ClientError {
                // An engine that was absent from the beginning is reported at once.
                guard wasAway else { throw failure }
                try absence.endure(failure)
            }
        }
    }

    /// The exit code of the first end since a time, which may have been in the engine's absence; `nil` when there was
    /// none.
    private func recordedExit(of name: String, since: WallTime, _ session: Session) throws(ClientError) -> Int64? {
        let filters: JSON = ["container": [.string(name)], "event": ["die"]]
        let query = [
            (name: "since", value: since.apiText), (name: "until", value: WallTime.now.apiText),
            (name: "filters", value: filters.text),
        ]
        let lines = try session.client.open(Request(.get, "/events", query: query)).body().split(separator: 0x0A)
        guard let first = lines.first, let event = try? JSON(parsing: first) else { return nil }
        return (event["Actor"]?["Attributes"]?["exitCode"]?.string).flatMap { Int64($0) }
    }
}
