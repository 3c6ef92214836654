import APIClient
import ArgumentParser
import Flags

/// `sereno rename`: gives a container another name.
struct Rename: Verb {
    static let configuration = CommandConfiguration(verb: "rename", abstract: "Rename a container")
    static let arguments = "CONTAINER NEW_NAME"
    static let argumentCount = ArgumentCount.exactly(2)

    @Argument(help: .hidden)
    var names: [String] = []

    func perform(in session: Session) throws -> Int32 {
        let old = names[0]
        let new = names[1]
        guard !old.isEmpty, !new.isEmpty else {
            throw ExitFailure("Error: Neither old nor new names may be empty")
        }
        do {
            let path = "/containers/\(Request.segment(old))/rename"
            try session.client.perform(Request(.post, path, query: [("name", new)]))
        } catch {
            throw ExitFailure("\(error.message)\nError: failed to rename container named \(old)")
        }
        return 0
    }
}
