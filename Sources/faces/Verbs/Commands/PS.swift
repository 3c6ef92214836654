import APIClient
import ArgumentParser
import Flags
import GoTemplate
import Listings
import Model
import Streaming

/// `sereno ps`: lists containers.
struct PS: Verb {
    static let configuration = CommandConfiguration(verb: "ps", abstract: "List containers")
    static let flags = PSOptions.flags
    static let argumentCount = ArgumentCount.none

    @OptionGroup var options: PSOptions

    func perform(in session: Session) throws -> Int32 { try options.perform(in: session) }
}

/// `sereno container ls`: lists containers, like `sereno ps`.
struct ContainerList: Verb {
    static let configuration = CommandConfiguration(
        verb: "ls", abstract: "List containers", aliases: ["ps", "list"])
    static let flags = PSOptions.flags
    static let argumentCount = ArgumentCount.none

    @OptionGroup var options: PSOptions

    func perform(in session: Session) throws -> Int32 { try options.perform(in: session) }
}

/// The options of `ps` and `container ls`.
struct PSOptions: ParsableArguments {
    static let flags = FlagTable(
        switches: "a/all l/latest no-trunc q/quiet s/size", values: "f/filter format", integers: "n/last",
        kinds: ["filter": .filter])

    @Flag(name: .shortAndLong, help: "Show all containers (default shows just running).")
    var all = false

    @Option(name: .shortAndLong, help: "Filter output based on conditions provided.")
    var filter: [String] = []

    @Option(help: "Format output using a custom template: 'table', 'table TEMPLATE', 'json' or 'TEMPLATE'.")
    var format = ""

    @Option(name: [.customShort("n"), .long], help: "Show n last created containers (includes all states).")
    var last = -1

    @Flag(name: .shortAndLong, help: "Show the latest created container (includes all states).")
    var latest = false

    @Flag(name: .customLong("no-trunc"), help: "Don't truncate output.")
    var noTrunc = false

    @Flag(name: .shortAndLong, help: "Only display container IDs.")
    var quiet = false

    @Flag(name: .shortAndLong, help: "Display total file sizes.")
    var size = false

    func perform(in session: Session) throws -> Int32 {
        if quiet, !format.isEmpty {
            Output.error.line("WARNING: Ignoring custom format, because both --format and --quiet are set.")
        }
        let wantsSize = try size || (templateWantsSize() && !quiet)
        var query: [(name: String, value: String)] = []
        if all { query.append(("all", "1")) }
        query += FilterOption.query(filter)
        let limit = latest && last == -1 ? 1 : last
        if limit > 0 { query.append(("limit", String(limit))) }
        if wantsSize { query.append(("size", "1")) }
        let containers = try session.value(Request(.get, "/containers/json", query: query)).elements
        let context = ListingContext.present(truncates: !noTrunc)
        try ContainerRow.format(format, quiet: quiet, size: wantsSize)
            .show(containers.map { ContainerRow.row($0, in: context) }, headings: ContainerRow.headings)
        return 0
    }

    /// Whether the template uses the size. It is tried before the request to the engine, as docker does.
    private func templateWantsSize() throws -> Bool {
        guard !format.isEmpty else { return false }
        let template: Template
        do {
            template = try Template(format)
        } catch {
            throw ExitFailure("failed to parse template: \(error.sentence)")
        }
        let probe = SizeProbe()
        if let error = template.run(.object(probe)).error {
            throw ExitFailure("failed to execute template: \(error.sentence)")
        }
        return probe.wantsSize
    }
}
