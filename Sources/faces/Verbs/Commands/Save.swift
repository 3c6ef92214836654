import APIClient
import ArgumentParser
import Flags
import Streaming

/// `sereno save`: writes images as a tar archive.
struct Save: Verb {
    static let configuration = CommandConfiguration(
        verb: "save", abstract: "Save one or more images to a tar archive (streamed to STDOUT by default)")
    static let flags = FlagTable(values: "o/output", absent: ["platform": Absence.platforms])
    static let arguments = "IMAGE [IMAGE...]"
    static let argumentCount = ArgumentCount.atLeast(1)

    @Option(name: .shortAndLong, help: "Write to a file, instead of STDOUT.")
    var output: String?

    @Argument(help: .hidden)
    var images: [String] = []

    func perform(in session: Session) throws -> Int32 {
        if output == nil, Output.standard.isTerminal {
            throw ExitFailure("cowardly refusing to save to a terminal. Use the -o flag or redirect")
        }
        try Terminal.checkOutputPath(output, verb: "save image")
        let query = images.map { (name: "names", value: $0) }
        let response = try session.client.open(Request(.get, "/images/get", query: query))
        try FileStream.save(response, to: output)
        return 0
    }
}
