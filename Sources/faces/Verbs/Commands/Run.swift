import APIClient
import ArgumentParser
import Flags
import Streaming

/// `sereno run`: creates a container and starts it, attached unless `-d`.
struct Run: Verb {
    static let configuration = CommandConfiguration(
        verb: "run", abstract: "Create and run a new container from an image")
    static let flags = FlagTable(
        switches: "d/detach sig-proxy " + ContainerOptions.switches + " " + ResourceOptions.switches,
        values: "detach-keys " + ContainerOptions.values + " " + ResourceOptions.values,
        integers: ContainerOptions.integers + " " + ResourceOptions.integers,
        kinds: ContainerOptions.kinds.merging(ResourceOptions.kinds) { first, _ in first },
        onByDefault: ContainerOptions.onByDefault.union(["sig-proxy"]), interspersed: false, absent: Absence.creation)
    static let arguments = "IMAGE [COMMAND] [ARG...]"
    static let argumentCount = ArgumentCount.atLeast(1)

    @Flag(name: .shortAndLong, help: "Run container in background and print container ID.")
    var detach = false

    @Option(help: "Override the key sequence for detaching a container.")
    var detachKeys: String?

    @Flag(inversion: .prefixedNo, help: "Proxy received signals to the process.")
    var sigProxy = true

    @OptionGroup var options: ContainerOptions
    @OptionGroup var resources: ResourceOptions

    @Argument(help: .hidden)
    var words: [String] = []

    func perform(in session: Session) throws -> Int32 {
        if detach, !options.attach.isEmpty {
            throw ExitFailure("conflicting options: cannot specify both --attach and --detach")
        }
        let request = CreateRequest(
            options: options, resources: resources, image: words[0], command: Array(words.dropFirst()),
            environment: session.environment, isDetached: detach)
        if request.attached.contains("stdin"), options.tty, !Terminal.isInput {
            throw ExitFailure("the input device is not a TTY")
        }
        let id: String
        do {
            let creation = ContainerCreation(session: session, request: request)
            id = try creation.perform(try creation.body())
        } catch {
            throw UsageHint.wrap(error, verb: "run")
        }
        guard request.attached.isEmpty else { return try follow(id, request, session) }
        // Also of a container whose start is refused, as that one is there all the same.
        Output.standard.line(id)
        return try startDetached(id, session)
    }

    private func startDetached(_ id: String, _ session: Session) throws -> Int32 {
        let path = "/containers/\(id)"
        let removal =
            options.rm
            ? try session.client.open(Request(.post, path + "/wait", query: [("condition", "removed")])) : nil
        do {
            try session.client.perform(Request(.post, path + "/start"))
        } catch {
            // The refusal is reported once a container that is removed at its end is gone.
            _ = try? removal?.body()
            throw startFailure(error)
        }
        return 0
    }

    private func follow(_ id: String, _ request: CreateRequest, _ session: Session) throws -> Int32 {
        let attachment = Attachment(
            client: session.client, id: id, isTerminal: options.tty, takesInput: request.attached.contains("stdin"),
            outputs: request.attached, detachKeys: detachKeys ?? "",
            waitCondition: options.rm ? "removed" : "next-exit", signals: try SignalQueue(),
            signalEffect: sigProxy ? .forwarded : .endClient, startedBefore: "0001-01-01T00:00:00Z")
        switch try attachment.follow(starts: true) {
        case .exited(let code): return code
        case .detached: return 0
        case .startRefused(let error): throw startFailure(error)
        }
    }

    /// The failure for a container that could not be started. Its code follows from the words of the refusal, as in
    /// Docker's client.
    private func startFailure(_ error: ClientError) -> ExitFailure {
        let text = error.message
        let notFound = [
            "executable file not found", "no such file or directory", "system cannot find the file specified",
        ]
        let notRunnable = ["permission denied", "is a directory"]
        let code: Int32 =
            if notFound.contains(where: { text.contains($0) }) {
                127
            } else if notRunnable.contains(where: { text.contains($0) }) {
                126
            } else {
                125
            }
        return UsageHint.wrap(error, verb: "run", code: code)
    }
}
