import APIClient
import ArgumentParser
import Flags
import JSONFormat
import Model
import Streaming

/// `sereno create`: creates a container and prints its ID.
struct Create: Verb {
    static let configuration = CommandConfiguration(verb: "create", abstract: "Create a new container")
    static let flags = FlagTable(
        switches: ContainerOptions.switches + " " + ResourceOptions.switches,
        values: ContainerOptions.values + " " + ResourceOptions.values,
        integers: ContainerOptions.integers + " " + ResourceOptions.integers,
        kinds: ContainerOptions.kinds.merging(ResourceOptions.kinds) { first, _ in first },
        onByDefault: ContainerOptions.onByDefault, interspersed: false, absent: Absence.creation)
    static let arguments = "IMAGE [COMMAND] [ARG...]"
    static let argumentCount = ArgumentCount.atLeast(1)

    @OptionGroup var options: ContainerOptions
    @OptionGroup var resources: ResourceOptions

    @Argument(help: .hidden)
    var words: [String] = []

    func perform(in session: Session) throws -> Int32 {
        let request = CreateRequest(
            options: options, resources: resources, image: words[0], command: Array(words.dropFirst()),
            environment: session.environment, isDetached: false)
        let creation = ContainerCreation(session: session, request: request)
        let body: JSON
        do {
            body = try creation.body()
        } catch {
            throw UsageHint.wrap(error, verb: "create")
        }
        // As with Docker's client, only a wrong command line gets the hint and its code; all else is plain and 1.
        Output.standard.line(try creation.perform(body))
        return 0
    }
}

/// Errors of `run` before the container runs, and of a command line of `create`. They get the command's name, a hint, and a code
/// of their own.
enum UsageHint {
    static func wrap(_ error: any Error, verb: String, code: Int32 = 125) -> ExitFailure {
        ExitFailure("sereno: \(error.sentence)\n\nRun 'sereno \(verb) --help' for more information", code: code)
    }
}
