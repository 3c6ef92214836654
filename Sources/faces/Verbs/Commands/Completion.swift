import ArgumentParser
import Flags
import Streaming

/// `sereno completion`: the script that completes verbs, flags and live names in a shell.
struct Completion: Verb {
    static let configuration = CommandConfiguration(
        verb: "completion", abstract: "Generate the autocompletion script for bash, zsh or fish")
    static let arguments = "bash|zsh|fish"
    static let argumentCount = ArgumentCount.exactly(1)

    @Argument(help: .hidden)
    var shells: [String] = []

    func perform(in session: Session) throws -> Int32 {
        guard let script = CompletionScript.of(shell: shells[0]) else {
            throw ExitFailure("unknown shell \(quoted(shells[0])); use one of bash, zsh, fish")
        }
        Output.standard.write(script)
        return 0
    }
}
