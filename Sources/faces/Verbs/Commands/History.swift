import APIClient
import ArgumentParser
import Flags
import Listings

/// `sereno history`: shows the layers of an image.
struct History: Verb {
    static let configuration = CommandConfiguration(
        verb: "history", abstract: "Show the history of an image")
    static let flags = FlagTable(
        switches: "H/human no-trunc q/quiet", values: "format", onByDefault: ["human"],
        absent: ["platform": Absence.platforms])
    static let arguments = "IMAGE"
    static let argumentCount = ArgumentCount.exactly(1)

    @Option(help: "Format output using a custom template: 'table', 'table TEMPLATE', 'json' or 'TEMPLATE'.")
    var format = ""

    @Flag(name: .long, inversion: .prefixedNo, help: "Print sizes and dates in human readable format.")
    var human = true

    @Flag(name: .customLong("no-trunc"), help: "Don't truncate output.")
    var noTrunc = false

    @Flag(name: .shortAndLong, help: "Only show image IDs.")
    var quiet = false

    @Argument(help: .hidden)
    var image: String

    func perform(in session: Session) throws -> Int32 {
        let layers = try session.value(Request(.get, "/images/\(Request.segment(image))/history")).elements
        let context = ListingContext.present(truncates: !noTrunc)
        try HistoryRow.format(format.isEmpty ? "table" : format, quiet: quiet, human: human)
            .show(layers.map { HistoryRow.row($0, human: human, in: context) }, headings: HistoryRow.headings)
        return 0
    }
}
