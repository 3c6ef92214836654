import APIClient
import ArgumentParser
import Flags
import Model
import Streaming

/// `sereno create`: creates a container and prints its ID.
struct Create: Verb {
    static let configuration = CommandConfiguration(verb: "create", abstract: "Create a new container")
    static let flags = FlagTable(
        switches: ContainerOptions.switches + " " + ResourceOptions.switches,
        values: ContainerOptions.values + " " + ResourceOptions.values,
        integers: ContainerOptions.integers + " " + ResourceOptions.integers,
        kinds: ContainerOptions.kinds.merging(ResourceOptions.kinds) { first, _ in first }, interspersed: false)
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
        do {
            Output.standard.line(try ContainerCreation(session: session, request: request).perform())
            return 0
        } catch {
            // The codes of Docker's client: 125 for its own errors, 1 for those of the daemon.
            throw UsageHint.wrap(error, verb: "create", code: error is ClientError ? 1 : 125)
        }
    }
}

/// Errors of `run` and `create` before the container runs. They get the command's name, a hint, and a code of their
/// own.
enum UsageHint {
    static func wrap(_ error: any Error, verb: String, code: Int32 = 125) -> ExitFailure {
        ExitFailure("sereno: \(error.sentence)\n\nRun 'sereno \(verb) --help' for more information", code: code)
    }
}
