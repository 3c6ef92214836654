import APIClient
import ArgumentParser
import Flags
import Streaming

/// `sereno load`: loads images from a tar archive.
struct Load: Verb {
    static let configuration = CommandConfiguration(
        verb: "load", abstract: "Load an image from a tar archive or STDIN")
    static let flags = FlagTable(switches: "q/quiet", values: "i/input", absent: ["platform": Absence.platforms])
    static let argumentCount = ArgumentCount.none

    @Option(name: .shortAndLong, help: "Read from tar archive file, instead of STDIN.")
    var input: String?

    @Flag(name: .shortAndLong, help: "Suppress the load output.")
    var quiet = false

    func perform(in session: Session) throws -> Int32 {
        if input == nil, Terminal.isInput {
            throw ExitFailure("requested load from stdin, but stdin is empty")
        }
        let file = try input.map { try FileStream.reading($0) } ?? .standardInput()
        let response = try session.client.open(
            Request(
                .post, "/images/load", query: [("quiet", quiet ? "1" : "0")],
                body: file.body(contentType: "application/x-tar")))
        try ProgressStream(isQuiet: false, output: .standard).show(response)
        return 0
    }
}
