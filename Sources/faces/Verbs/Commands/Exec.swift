import APIClient
import ArgumentParser
import Flags
import JSONFormat
import Model
import Streaming

/// `sereno exec`: runs a command in a running container.
struct Exec: Verb {
    static let configuration = CommandConfiguration(
        verb: "exec", abstract: "Execute a command in a running container")
    static let flags = FlagTable(
        switches: "d/detach i/interactive privileged t/tty", values: "detach-keys e/env env-file u/user w/workdir",
        kinds: ["env": .environment], interspersed: false)
    static let arguments = "CONTAINER COMMAND [ARG...]"
    static let argumentCount = ArgumentCount.atLeast(2)

    @Flag(name: .shortAndLong, help: "Detached mode: run command in the background.")
    var detach = false

    @Option(help: "Override the key sequence for detaching a container.")
    var detachKeys: String?

    @Option(name: .shortAndLong, help: "Set environment variables.")
    var env: [String] = []

    @Option(help: "Read in a file of environment variables.")
    var envFile: [String] = []

    @Flag(name: .shortAndLong, help: "Keep STDIN open even if not attached.")
    var interactive = false

    @Flag(help: "Give extended privileges to the command.")
    var privileged = false

    @Flag(name: .shortAndLong, help: "Allocate a pseudo-TTY.")
    var tty = false

    @Option(name: .shortAndLong, help: "Username or UID (format: \"<name|uid>[:<group|gid>]\").")
    var user: String?

    @Option(name: .shortAndLong, help: "Working directory inside the container.")
    var workdir: String?

    @Argument(help: .hidden)
    var words: [String] = []

    func perform(in session: Session) throws -> Int32 {
        let name = words[0]
        let variables = try variables(session)
        _ = try session.client.open(Request(.get, "/containers/\(Request.segment(name))/json"))
        if !detach, interactive, tty, !Terminal.isInput { throw ExitFailure("the input device is not a TTY") }
        let created = try session.client.json(
            Request(.post, "/containers/\(Request.segment(name))/exec", body: .json(body(variables))))
        guard let id = created["Id"]?.string, !id.isEmpty else { throw ExitFailure("exec ID empty") }
        let start: JSON = ["Detach": .bool(detach), "Tty": .bool(tty), "ConsoleSize": consoleSize]
        let request = Request(.post, "/exec/\(id)/start", body: .json(start))
        if detach {
            try session.client.perform(request)
            return 0
        }
        return try follow(id, request, session)
    }

    private var consoleSize: JSON {
        guard tty, let size = WindowSize.current() else { return .null }
        return .array([size.rows, size.columns].map { .integer($0) })
    }

    private func variables(_ session: Session) throws -> [String] {
        var all: [String] = []
        for file in envFile { all += try LineFile.read(file, environment: session.environment) }
        for text in env {
            all.append(text.contains(byte: "=") ? text : session.environment[text].map { "\(text)=\($0)" } ?? text)
        }
        return all
    }

    private func body(_ variables: [String]) -> JSON {
        var members: JSONObject = [
            .init("User", .string(user ?? "")), .init("Privileged", .bool(privileged)), .init("Tty", .bool(tty)),
            .init("AttachStdin", .bool(interactive && !detach)), .init("AttachStderr", .bool(!detach)),
            .init("AttachStdout", .bool(!detach)), .init("Detach", .bool(detach)),
            .init("DetachKeys", .string(detachKeys ?? "")), .init("WorkingDir", .string(workdir ?? "")),
            .init("Cmd", .strings(Array(words.dropFirst()))),
        ]
        if !variables.isEmpty { members.append(.init("Env", .strings(variables))) }
        return .object(members)
    }

    private func follow(_ id: String, _ request: Request, _ session: Session) throws -> Int32 {
        let signals = try SignalQueue()
        let stream = try session.client.hijack(request)
        let terminal = tty && interactive ? RawTerminal() : nil
        let keys = tty ? DetachKeys(parsing: detachKeys ?? "") ?? .standard : nil
        var loop = StreamLoop(
            target: "/exec/\(id)", client: session.client, isTerminal: tty, signals: signals, signalEffect: .endClient,
            terminal: terminal, source: .hijacked(stream), waiting: nil,
            input: interactive ? InputPump(keys: keys) : nil)
        let end = try loop.runToEnd()
        terminal?.restore()
        switch end {
        case .detached: throw ExitFailure("read escape sequence", code: 0)
        case .ended, .engineGone:
            let state = try session.client.json(Request(.get, "/exec/\(id)/json"))
            return Int32(truncatingIfNeeded: state["ExitCode"]?.integer ?? 0)
        }
    }
}
