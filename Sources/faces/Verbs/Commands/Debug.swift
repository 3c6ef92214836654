import APIClient
import ArgumentParser
import Flags
import GoTemplate
import Streaming

/// `sereno debug plan` prints a container's launch plan, one operation a line. `sereno debug api` prints the counters
/// of the API's bounds.
struct Debug: Verb {
    static let configuration = CommandConfiguration(
        verb: "debug",
        abstract: "Look inside: what a container's child does between clone and exec, what clients take of the API")
    static let arguments = "plan CONTAINER | api"
    static let argumentCount = ArgumentCount.atLeast(1)

    @Argument(help: .hidden)
    var words: [String] = []

    func perform(in session: Session) throws -> Int32 {
        switch (words[0], words.count) {
        case ("plan", 2): return try plan(in: session)
        case ("api", 1): return try api(in: session)
        case ("plan", _): throw ExitFailure("Error: plan needs one container")
        default: throw ExitFailure("Error: unknown subject '\(words[0])'; there are: plan CONTAINER, api")
        }
    }

    private func api(in session: Session) throws -> Int32 {
        let answer = try session.value(Request(.get, "/sereno/api"))
        for member in answer.members { Output.standard.line("\(member.name): \(member.value.integer ?? 0)") }
        return 0
    }

    private func plan(in session: Session) throws -> Int32 {
        let answer = try session.value(Request(.get, "/sereno/containers/\(Request.segment(words[1]))/plan"))
        for line in answer["Lines"]?.elements ?? [] { Output.standard.line(line.string ?? "") }
        return 0
    }
}
