import APIClient
import ArgumentParser
import Flags
import GoTemplate
import Streaming

/// `sereno rmi`: removes images.
struct RemoveImage: Verb {
    static let configuration = CommandConfiguration(
        verb: "rmi", abstract: "Remove one or more images")
    static let flags = RemoveImageOptions.flags
    static let arguments = "IMAGE [IMAGE...]"
    static let argumentCount = ArgumentCount.atLeast(1)

    @OptionGroup var options: RemoveImageOptions

    func perform(in session: Session) throws -> Int32 { try options.perform(in: session) }
}

/// `sereno image rm`: removes images, like `sereno rmi`.
struct ImageRemove: Verb {
    static let configuration = CommandConfiguration(
        verb: "rm", abstract: "Remove one or more images", aliases: ["remove"])
    static let flags = RemoveImageOptions.flags
    static let arguments = "IMAGE [IMAGE...]"
    static let argumentCount = ArgumentCount.atLeast(1)

    @OptionGroup var options: RemoveImageOptions

    func perform(in session: Session) throws -> Int32 { try options.perform(in: session) }
}

/// The options of `rmi` and `image rm`.
struct RemoveImageOptions: ParsableArguments {
    static let flags = FlagTable(switches: "f/force no-prune", absent: ["platform": Absence.platforms])

    @Flag(name: .shortAndLong, help: "Force removal of the image.")
    var force = false

    @Flag(name: .customLong("no-prune"), help: "Do not delete untagged parents.")
    var noPrune = false

    @Argument(help: .hidden)
    var images: [String] = []

    func perform(in session: Session) throws -> Int32 {
        var query: [(name: String, value: String)] = []
        if force { query.append(("force", "1")) }
        if noPrune { query.append(("noprune", "1")) }
        var failures: [ClientError] = []
        for image in images {
            do {
                let answer = try session.value(Request(.delete, "/images/\(Request.segment(image))", query: query))
                for line in answer.elements {
                    if let deleted = line["Deleted"]?.string, !deleted.isEmpty {
                        Output.standard.line("Deleted: \(deleted)")
                    } else {
                        Output.standard.line("Untagged: \(line["Untagged"]?.string ?? "")")
                    }
                }
            } catch let failure as ClientError {
                failures.append(failure)
            }
        }
        for failure in failures { Output.error.line(failure.message) }
        // With --force a missing image is reported, but is no failure.
        let isFatal = failures.contains { $0.status != 404 }
        return failures.isEmpty || (force && !isFatal) ? 0 : 1
    }
}
