import APIClient
import ArgumentParser
import Flags
import Listings
import Streaming

/// `sereno system df`: shows the use of disk space.
struct SystemUsage: Verb {
    static let configuration = CommandConfiguration(verb: "df", abstract: "Show disk usage")
    static let flags = FlagTable(switches: "v/verbose", values: "format")
    static let argumentCount = ArgumentCount.none

    @Option(help: "Format output using a custom template: 'table', 'table TEMPLATE', 'json' or 'TEMPLATE'.")
    var format = ""

    @Flag(name: .shortAndLong, help: "Show detailed information on space usage.")
    var verbose = false

    func perform(in session: Session) throws -> Int32 {
        let usage = DiskUsage(try session.value(Request(.get, "/system/df")))
        guard verbose else {
            try DiskUsage.format(format).show(usage.summary, headings: DiskUsage.headings)
            return 0
        }
        guard format.isEmpty || format == "table" else {
            throw ExitFailure("--format is not supported with --verbose yet")
        }
        Output.standard.write(try usage.verbose(in: .present()))
        return 0
    }
}
