import JSONFormat
import Listings
import Model
import Testing

@Suite("A listing looks as docker's client prints it")
struct ListingGoldenTests {
    /// The instant at which the goldens were recorded.
    private static let recorded = WallTime(nanoseconds: 1_795_488_967_000_000_000)

    @Test("byte for byte", arguments: Goldens.listings1 + Goldens.listings2)
    func equals(_ golden: ListingGolden) throws {
        let options = golden.options.split(separator: " ").map(String.init)
        let context = ListingContext(now: Self.recorded, truncates: !options.contains("--no-trunc"))
        #expect(try text(golden, options, context) == golden.expected)
    }

    private func text(_ golden: ListingGolden, _ options: [String], _ context: ListingContext) throws -> String {
        let quiet = options.contains("-q")
        switch golden.verb {
        case "ps":
            let format = ContainerRow.format(golden.format, quiet: quiet, size: options.contains("-s"))
            let rows = try JSON(parsing: Answers.containers).elements.map { ContainerRow.row($0, in: context) }
            return try format.text(of: rows, headings: ContainerRow.headings)
        case "images":
            let digests = options.contains("--digests")
            let format = ImageRow.format(golden.format, quiet: quiet, digests: digests)
            let rows = try JSON(parsing: Answers.images).elements.flatMap {
                ImageRow.rows($0, format: format, digests: digests, in: context)
            }
            return try format.text(of: rows, headings: ImageRow.headings)
        case "history":
            let human = !options.contains("-H=false")
            let rows = try JSON(parsing: Answers.history).elements.map {
                HistoryRow.row($0, human: human, in: context)
            }
            return try HistoryRow.format(golden.format, quiet: quiet, human: human)
                .text(of: rows, headings: HistoryRow.headings)
        case "df":
            let usage = DiskUsage(try JSON(parsing: Answers.df))
            if options.contains("-v") { return try usage.verbose(in: context) }
            return try DiskUsage.format(golden.format).text(of: usage.summary, headings: DiskUsage.headings)
        default:
            let row = StatsRow.row(
                try JSON(parsing: Answers.stats), asked: "web", truncates: context.truncates)
            return try StatsRow.format(golden.format).text(of: [row], headings: StatsRow.headings)
        }
    }
}
