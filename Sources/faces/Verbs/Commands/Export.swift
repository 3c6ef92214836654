import APIClient
import ArgumentParser
import Flags
import Streaming

/// `sereno export`: writes a container's file system as a tar archive.
struct Export: Verb {
    static let configuration = CommandConfiguration(
        verb: "export", abstract: "Export a container's filesystem as a tar archive")
    static let flags = FlagTable(values: "o/output")
    static let arguments = "CONTAINER"
    static let argumentCount = ArgumentCount.exactly(1)

    @Option(name: .shortAndLong, help: "Write to a file, instead of STDOUT.")
    var output: String?

    @Argument(help: .hidden)
    var containers: [String] = []

    func perform(in session: Session) throws -> Int32 {
        if output == nil, Output.standard.isTerminal {
            throw ExitFailure("cowardly refusing to save to a terminal. Use the -o flag or redirect")
        }
        try Terminal.checkOutputPath(output, verb: "export container")
        let path = "/containers/\(Request.segment(containers[0]))/export"
        try FileStream.save(try session.client.open(Request(.get, path)), to: output)
        return 0
    }
}
