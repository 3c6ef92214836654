import APIClient
import ArgumentParser
import Flags
import Listings

/// `sereno network ls`: lists networks.
struct NetworkList: Verb {
    static let configuration = CommandConfiguration(verb: "ls", abstract: "List networks", aliases: ["list"])
    static let flags = FlagTable(
        switches: "no-trunc q/quiet", values: "f/filter format", kinds: ["filter": .filter])
    static let argumentCount = ArgumentCount.none

    @Option(name: .shortAndLong, help: "Provide filter values (e.g. \"driver=bridge\").")
    var filter: [String] = []

    @Option(help: "Format output using a custom template: 'table', 'table TEMPLATE', 'json' or 'TEMPLATE'.")
    var format = ""

    @Flag(name: .customLong("no-trunc"), help: "Do not truncate the output.")
    var noTrunc = false

    @Flag(name: .shortAndLong, help: "Only display network IDs.")
    var quiet = false

    func perform(in session: Session) throws -> Int32 {
        let networks = try session.value(Request(.get, "/networks", query: FilterOption.query(filter))).elements
            .sorted { NaturalOrder.precedes($0["Name"]?.string ?? "", $1["Name"]?.string ?? "") }
        let context = ListingContext.present(truncates: !noTrunc)
        try NetworkRow.format(format, quiet: quiet)
            .show(networks.map { NetworkRow.row($0, in: context) }, headings: NetworkRow.headings)
        return 0
    }
}
