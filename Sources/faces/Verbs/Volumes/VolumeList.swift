import APIClient
import ArgumentParser
import Flags
import Listings
import Streaming

/// `sereno volume ls`: lists volumes.
struct VolumeList: Verb {
    static let configuration = CommandConfiguration(verb: "ls", abstract: "List volumes", aliases: ["list"])
    static let flags = FlagTable(
        switches: "q/quiet", values: "f/filter format", kinds: ["filter": .filter],
        absent: ["cluster": Absence.swarm])
    static let argumentCount = ArgumentCount.none

    @Option(name: .shortAndLong, help: "Provide filter values (e.g. \"dangling=true\").")
    var filter: [String] = []

    @Option(help: "Format output using a custom template: 'table', 'table TEMPLATE', 'json' or 'TEMPLATE'.")
    var format = ""

    @Flag(name: .shortAndLong, help: "Only display volume names.")
    var quiet = false

    func perform(in session: Session) throws -> Int32 {
        let answer = try session.value(Request(.get, "/volumes", query: FilterOption.query(filter)))
        let volumes = (answer["Volumes"]?.elements ?? []).sorted {
            NaturalOrder.precedes($0["Name"]?.string ?? "", $1["Name"]?.string ?? "")
        }
        try VolumeRow.format(format, quiet: quiet).show(volumes.map(VolumeRow.row), headings: VolumeRow.headings)
        for warning in answer["Warnings"]?.elements ?? [] { Output.error.line("WARNING: \(warning.string ?? "")") }
        return 0
    }
}
