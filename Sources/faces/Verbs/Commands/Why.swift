import APIClient
import ArgumentParser
import GoTemplate
import Streaming

/// `sereno why`: shows the decisions about a container and their reasons, the last one last.
struct Why: Verb {
    static let configuration = CommandConfiguration(
        verb: "why", abstract: "Tell the decisions about a container and their reasons, the last one last")
    static let arguments = "CONTAINER"
    static let argumentCount = ArgumentCount.exactly(1)

    @Argument(help: .hidden)
    var words: [String] = []

    func perform(in session: Session) throws -> Int32 {
        let answer = try session.value(Request(.get, "/sereno/containers/\(Request.segment(words[0]))/why"))
        for decision in answer["Decisions"]?.elements ?? [] {
            let time = decision["Time"]?.string ?? ""
            Output.standard.line("\(time)  \(decision["Reason"]?.string ?? "")")
        }
        return 0
    }
}
