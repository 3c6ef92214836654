import Foundation
import Synchronization
import TestSupport

/// A container of a fake engine: its streams and its end are moved by the test.
final class FakeContainer: Sendable {
    static let id = String(repeating: "c0ffee12", count: 8)
    static let start = "2026-01-02T03:04:05.000000006Z"

    let started = Gate()
    let signals = Mutex<[String]>([])
    let ended = Gate()
    let sizes = Mutex<[String]>([])
    private let exitCode = Mutex(0)
    private let stream = Mutex<Exchange?>(nil)
    private let isRunning = Mutex(false)
    let hasTerminal: Bool
    let hasInput: Bool
    /// Held back before `start` is answered.
    let startDelay: Gate?
    /// Runs for every signal that arrives.
    let onSignal: @Sendable (FakeContainer, String) -> Void

    init(
        hasTerminal: Bool = false, hasInput: Bool = false, startDelay: Gate? = nil,
        onSignal: @escaping @Sendable (FakeContainer, String) -> Void = { _, _ in }
    ) {
        self.hasTerminal = hasTerminal
        self.hasInput = hasInput
        self.startDelay = startDelay
        self.onSignal = onSignal
    }

    func output(_ text: String, stream number: UInt8 = 1) {
        stream.withLock { exchange in
            if hasTerminal { exchange?.write(text) } else { exchange?.frame(number, text) }
        }
    }

    /// Ends with a code: the attached stream closes, everyone who waits is told.
    func end(_ code: Int) {
        exitCode.withLock { $0 = code }
        isRunning.withLock { $0 = false }
        stream.withLock { exchange in
            if let exchange { shutdown(exchange.descriptor, Int32(SHUT_RDWR)) }
        }
        ended.open()
    }

    /// Marks it as running before a client comes, as after the engine was replaced.
    func adopt() {
        isRunning.withLock { $0 = true }
        started.open()
    }

    func leave(code: Int) {
        exitCode.withLock { $0 = code }
        ended.open()
    }

    var inspect: String {
        let running = isRunning.withLock { $0 }
        let wasStarted = running || ended.wait(seconds: 0)
        return """
            {"Id":"\(Self.id)","Config":{"Tty":\(hasTerminal),"OpenStdin":\(hasInput)},"HostConfig":{"AutoRemove":false},\
            "State":{"Running":\(running),"Paused":false,"Restarting":false,"ExitCode":\(exitCode.withLock { $0 }),\
            "StartedAt":"\(wasStarted ? Self.start : "0001-01-01T00:00:00Z")"}}
            """
    }

    /// Answers what an engine answers about this container.
    func answer(_ exchange: Exchange) {
        let path = exchange.path
        if path.hasSuffix("/json") {
            exchange.answer(200, inspect)
        } else if path == "/containers/create" {
            exchange.answer(201, "{\"Id\":\"\(Self.id)\",\"Warnings\":[]}")
        } else if path.hasSuffix("/attach") {
            stream.withLock { $0 = exchange }
            exchange.upgrade()
            let input = exchange.readToEnd()
            if hasInput, !hasTerminal, !input.isEmpty { output("in:" + input) }
            ended.wait(seconds: 60)
            // Its number is another's soon.
            stream.withLock { if $0?.descriptor == exchange.descriptor { $0 = nil } }
        } else if path.hasSuffix("/wait") {
            exchange.beginChunks()
            if ended.wait(seconds: 60) {
                exchange.chunk("{\"StatusCode\":\(exitCode.withLock { $0 })}")
                exchange.endChunks()
            }
        } else if path.hasSuffix("/start") {
            startDelay?.wait()
            isRunning.withLock { $0 = true }
            exchange.answer(204)
            started.open()
        } else if path.hasSuffix("/kill") {
            let name = exchange.target.components(separatedBy: "signal=").last?.removingPercentEncoding ?? ""
            signals.withLock { $0.append(name) }
            exchange.answer(204)
            onSignal(self, name)
        } else if path.hasSuffix("/resize") {
            sizes.withLock { $0.append(exchange.target.components(separatedBy: "?").last ?? "") }
            exchange.answer(200)
        } else {
            exchange.answer(404, "{\"message\":\"page not found\"}")
        }
    }
}

/// A directory with a socket, and the command pointed at it.
struct Bench {
    let directory: TemporaryDirectory
    var socket: String { directory.child("engine.sock") }

    init() throws { directory = try TemporaryDirectory("sereno-cmd") }

    func words(_ words: [String]) throws -> [String] {
        [try BuiltProgram.path("sereno"), "-H", "unix://\(socket)"] + words
    }

    func run(_ words: String..., input: String = "") throws -> Command {
        try BackgroundCommand(try self.words(words), input: input).wait(timeout: 60)
    }

    func begin(_ words: String..., input: String = "") throws -> BackgroundCommand {
        try BackgroundCommand(try self.words(words), input: input)
    }
}
