import APIClient
import ArgumentParser
import Flags
import Listings
import Streaming

/// `sereno images`: lists images.
struct ListImages: Verb {
    static let configuration = CommandConfiguration(verb: "images", abstract: "List images")
    static let flags = ListImagesOptions.flags
    static let arguments = "[REPOSITORY[:TAG]]"
    static let argumentCount = ArgumentCount.atMost(1)

    @OptionGroup var options: ListImagesOptions

    func perform(in session: Session) throws -> Int32 {
        let count = try options.perform(in: session)
        // No image has the name of a verb; a user who types `images prune` means `image prune`.
        if count == 0, let name = options.repository, Self.verbsOfImage.contains(name) {
            Output.error.write("\nNo images found matching \"\(name)\": did you mean \"sereno image \(name)\"?\n")
        }
        return 0
    }

    private static let verbsOfImage: Set<String> = [
        "build", "history", "import", "inspect", "list", "load", "ls", "prune", "pull", "push", "rm", "save", "tag",
    ]
}

/// `sereno image ls`: lists images, like `sereno images`.
struct ImageList: Verb {
    static let configuration = CommandConfiguration(verb: "ls", abstract: "List images", aliases: ["list"])
    static let flags = ListImagesOptions.flags
    static let arguments = "[REPOSITORY[:TAG]]"
    static let argumentCount = ArgumentCount.atMost(1)

    @OptionGroup var options: ListImagesOptions

    func perform(in session: Session) throws -> Int32 {
        _ = try options.perform(in: session)
        return 0
    }
}

/// The options of `images` and `image ls`.
struct ListImagesOptions: ParsableArguments {
    static let flags = FlagTable(
        switches: "a/all digests no-trunc q/quiet", values: "f/filter format", kinds: ["filter": .filter],
        absent: ["tree": "an image here has one platform, which no tree is needed for"])

    @Flag(name: .shortAndLong, help: "Show all images (default hides intermediate images).")
    var all = false

    @Flag(help: "Show digests.")
    var digests = false

    @Option(name: .shortAndLong, help: "Filter output based on conditions provided.")
    var filter: [String] = []

    @Option(help: "Format output using a custom template: 'table', 'table TEMPLATE', 'json' or 'TEMPLATE'.")
    var format = ""

    @Flag(name: .customLong("no-trunc"), help: "Don't truncate output.")
    var noTrunc = false

    @Flag(name: .shortAndLong, help: "Only show image IDs.")
    var quiet = false

    @Argument(help: .hidden)
    var repository: String?

    /// Lists images and returns their number.
    func perform(in session: Session) throws -> Int {
        var query: [(name: String, value: String)] = []
        if all { query.append(("all", "1")) }
        query += FilterOption.query(filter, adding: repository.map { [("reference", $0)] } ?? [])
        let images = try session.value(Request(.get, "/images/json", query: query)).elements
        let context = ListingContext.present(truncates: !noTrunc)
        let format = ImageRow.format(self.format.isEmpty ? "table" : self.format, quiet: quiet, digests: digests)
        let rows = images.flatMap { ImageRow.rows($0, format: format, digests: digests, in: context) }
        try format.show(rows, headings: ImageRow.headings)
        return images.count
    }
}
