import APIClient
import ArgumentParser
import GoTemplate

/// `sereno debug plan`: prints the launch plan of a container, one operation a line.
struct Debug: Verb {
    static let configuration = CommandConfiguration(
        commandName: "debug", abstract: "Look inside: plan CONTAINER prints what the child does between clone and exec")
    static let arguments = "plan CONTAINER"
    static let argumentCount = ArgumentCount.exactly(2)

    @Argument(help: .hidden)
    var words: [String] = []

    func perform(in session: Session) throws -> Int32 {
        guard words[0] == "plan" else {
            throw ExitFailure("Error: unknown subject '\(words[0])'; there is: plan")
        }
        let answer = try session.value(Request(.get, "/sereno/containers/\(Request.segment(words[1]))/plan"))
        for line in answer["Lines"]?.elements ?? [] { Output.standard.line(line.string ?? "") }
        return 0
    }
}
