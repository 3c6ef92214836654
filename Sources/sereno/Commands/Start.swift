import APIClient
import ArgumentParser

/// `sereno start`: starts containers; with `-a`, stays until the container has really ended.
struct Start: Verb {
    static let configuration = CommandConfiguration(
        verb: "start", abstract: "Start one or more stopped containers")
    static let flags = FlagTable(
        switches: "a/attach i/interactive", values: "detach-keys checkpoint checkpoint-dir")
    static let arguments = "CONTAINER [CONTAINER...]"
    static let argumentCount = ArgumentCount.atLeast(1)

    @Flag(name: .shortAndLong, help: "Attach STDOUT/STDERR and forward signals.")
    var attach = false

    @Flag(name: .shortAndLong, help: "Attach container's STDIN.")
    var interactive = false

    @Option(help: "Override the key sequence for detaching a container.")
    var detachKeys: String?

    @Option(help: .hidden)
    var checkpoint: String?

    @Option(help: .hidden)
    var checkpointDir: String?

    @Argument(help: .hidden)
    var containers: [String] = []

    func perform(in session: Session) throws -> Int32 {
        if attach || interactive {
            guard containers.count == 1 else {
                throw ExitFailure("you cannot start and attach multiple containers at once")
            }
            return try startAttached(containers[0], session)
        }
        var failed: [String] = []
        for name in containers {
            do {
                try session.client.perform(Request(.post, "/containers/\(Request.segment(name))/start"))
                Output.standard.line(name)
            } catch {
                Output.error.line(error.text)
                failed.append(name)
            }
        }
        guard failed.isEmpty else {
            throw ExitFailure("Error: failed to start containers: \(failed.joined(separator: ", "))")
        }
        return 0
    }

    private func startAttached(_ name: String, _ session: Session) throws -> Int32 {
        let signals = try SignalQueue()
        let container = try session.client.json(Request(.get, "/containers/\(Request.segment(name))/json"))
        let isTerminal = container["Config"]?["Tty"]?.bool ?? false
        let attachment = Attachment(
            client: session.client, id: container["Id"]?.string ?? name, isTerminal: isTerminal,
            takesInput: interactive && container["Config"]?["OpenStdin"]?.bool == true,
            outputs: ["stdout", "stderr"], detachKeys: detachKeys ?? "",
            waitCondition: container["HostConfig"]?["AutoRemove"]?.bool == true ? "removed" : "next-exit",
            signals: signals, signalEffect: isTerminal ? .endClient : .forwarded,
            startedBefore: container["State"]?["StartedAt"]?.string ?? "")
        switch try attachment.follow(starts: true) {
        case .exited(let code): return code
        case .detached: return 0
        case .startRefused(let error): throw error
        }
    }
}
