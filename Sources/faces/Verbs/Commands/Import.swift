import APIClient
import ArgumentParser
import Flags
import Streaming

/// `sereno import`: makes an image from the tar of a file system.
struct Import: Verb {
    static let configuration = CommandConfiguration(
        verb: "import", abstract: "Import the contents from a tarball to create a filesystem image")
    static let flags = FlagTable(values: "c/change m/message platform")
    static let arguments = "file|URL|- [REPOSITORY[:TAG]]"
    static let argumentCount = ArgumentCount.atLeast(1)

    @Option(name: .shortAndLong, help: "Apply Dockerfile instruction to the created image.")
    var change: [String] = []

    @Option(name: .shortAndLong, help: "Set commit message for imported image.")
    var message: String?

    @Option(help: "Set platform if server is multi-platform capable.")
    var platform: String?

    @Argument(help: .hidden)
    var words: [String] = []

    func perform(in session: Session) throws -> Int32 {
        let source = words[0]
        let isURL = source.hasPrefix("http://") || source.hasPrefix("https://")
        var query: [(name: String, value: String)] = [("fromSrc", isURL ? source : "-")]
        if words.count > 1 { query.append(("repo", words[1])) }
        if let message { query.append(("message", message)) }
        if let platform { query.append(("platform", platform)) }
        for instruction in change { query.append(("changes", instruction)) }
        var body = Request.Body.empty
        if !isURL {
            let file = source == "-" ? FileStream.standardInput() : try FileStream.reading(source)
            body = file.body(contentType: "text/plain")
        }
        let response = try session.client.open(Request(.post, "/images/create", query: query, body: body))
        try ProgressStream(isQuiet: false, output: .standard).show(response)
        return 0
    }
}
