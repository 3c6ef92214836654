import APIClient
import ArgumentParser
import Flags
import Streaming

/// `sereno diff`: shows a container's changes to its file system.
struct Diff: Verb {
    static let configuration = CommandConfiguration(
        verb: "diff", abstract: "Inspect changes to files or directories on a container's filesystem")
    static let arguments = "CONTAINER"
    static let argumentCount = ArgumentCount.exactly(1)

    @Argument(help: .hidden)
    var container: String

    func perform(in session: Session) throws -> Int32 {
        guard !container.isEmpty else { throw ExitFailure("Container name cannot be empty") }
        let changes = try session.value(Request(.get, "/containers/\(Request.segment(container))/changes"))
        for change in changes.elements {
            let letters: [Int64: String] = [0: "C", 1: "A", 2: "D"]
            let letter = change["Kind"]?.integer.flatMap { letters[$0] } ?? ""
            Output.standard.line("\(letter) \(change["Path"]?.string ?? "")")
        }
        return 0
    }
}
