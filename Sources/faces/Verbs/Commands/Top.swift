import APIClient
import ArgumentParser
import Flags
import Listings
import Streaming

/// `sereno top`: shows the processes of a container.
struct Top: Verb {
    static let configuration = CommandConfiguration(
        verb: "top", abstract: "Display the running processes of a container")
    static let flags = FlagTable(interspersed: false)
    static let arguments = "CONTAINER [ps OPTIONS]"
    static let argumentCount = ArgumentCount.atLeast(1)

    @Argument(help: .hidden)
    var words: [String] = []

    func perform(in session: Session) throws -> Int32 {
        let options = words.dropFirst().joined(separator: " ")
        let query = options.isEmpty ? [] : [(name: "ps_args", value: options)]
        let answer = try session.value(
            Request(.get, "/containers/\(Request.segment(words[0]))/top", query: query))
        var writer = TabWriter(minimumWidth: 20, padding: 3)
        for line in [answer["Titles"]?.elements ?? []] + (answer["Processes"]?.elements ?? []).map(\.elements) {
            writer.write(line.map { $0.string ?? "" }.joined(separator: "\t") + "\n")
        }
        Output.standard.write(writer.finish())
        return 0
    }
}
