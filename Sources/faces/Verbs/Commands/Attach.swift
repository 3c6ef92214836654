import APIClient
import ArgumentParser
import Flags
import Streaming

/// `sereno attach`: joins a running container's streams until it ends or the detach keys are typed.
struct Attach: Verb {
    static let configuration = CommandConfiguration(
        verb: "attach",
        abstract: "Attach local standard input, output, and error streams to a running container")
    static let flags = FlagTable(
        switches: "no-stdin sig-proxy", values: "detach-keys", onByDefault: ["sig-proxy"])
    static let arguments = "CONTAINER"
    static let argumentCount = ArgumentCount.exactly(1)

    @Flag(name: .customLong("no-stdin"), help: "Do not attach STDIN.")
    var withoutInput = false

    @Flag(inversion: .prefixedNo, help: "Proxy all received signals to the process.")
    var sigProxy = true

    @Option(help: "Override the key sequence for detaching a container.")
    var detachKeys: String?

    @Argument(help: .hidden)
    var containers: [String] = []

    func perform(in session: Session) throws -> Int32 {
        let signals = try SignalQueue()
        let name = containers[0]
        let container = try session.client.json(Request(.get, "/containers/\(Request.segment(name))/json"))
        let state = container["State"] ?? .null
        guard state["Running"]?.bool == true else {
            throw ExitFailure("You cannot attach to a stopped container, start it first")
        }
        if state["Paused"]?.bool == true {
            throw ExitFailure("You cannot attach to a paused container, unpause it first")
        }
        if state["Restarting"]?.bool == true {
            throw ExitFailure("You cannot attach to a restarting container, wait until it is running")
        }
        let isTerminal = container["Config"]?["Tty"]?.bool ?? false
        let takesInput = !withoutInput && container["Config"]?["OpenStdin"]?.bool == true
        if isTerminal, !withoutInput, !Terminal.isInput { throw ExitFailure("the input device is not a TTY") }
        let attachment = Attachment(
            client: session.client, id: container["Id"]?.string ?? name, isTerminal: isTerminal,
            takesInput: takesInput, outputs: ["stdout", "stderr"], detachKeys: detachKeys ?? "",
            waitCondition: "not-running", signals: signals,
            signalEffect: sigProxy && !isTerminal ? .forwarded : .endClient,
            startedBefore: state["StartedAt"]?.string ?? "")
        switch try attachment.follow(starts: false) {
        case .exited(let code): return code
        case .startRefused(let error): throw error
        case .detached: throw ExitFailure("read escape sequence", code: 0)
        }
    }
}
