import Foundation
import TestSupport
import Testing

@Suite("The generator asks for many containers at once", .timeLimit(.minutes(2)))
struct GenerateTests {
    static let count = 200

    static func id(_ index: Int) -> String { String(repeating: "0", count: 60) + "\(1000 + index)" }

    static func containers() -> String {
        let all = (0..<count).map { "{\"Id\":\"\(id($0))\",\"Names\":[\"/n\($0)\"],\"Labels\":{}}" }
        return "[" + all.joined(separator: ",") + "]"
    }

    /// What an engine with that many containers answers; `odd` may answer for one of them instead.
    static func answer(_ exchange: Exchange, odd: (Exchange, Int) -> Bool = { _, _ in false }) {
        switch exchange.path {
        case "/version": exchange.answer(200, "{\"Components\":[{\"Name\":\"sereno\"}]}")
        case "/containers/json": exchange.answer(200, containers())
        default:
            let word = exchange.path.split(separator: "/").dropFirst().first.map(String.init) ?? ""
            guard let index = (0..<count).first(where: { id($0) == word || "n\($0)" == word }) else {
                return exchange.answer(404, "{\"message\":\"No such container: \(word)\"}")
            }
            if odd(exchange, index) { return }
            exchange.answer(
                200,
                "{\"Id\":\"\(id(index))\",\"Name\":\"/n\(index)\",\"Config\":{\"Image\":\"i\(index)\"},"
                    + "\"HostConfig\":{\"RestartPolicy\":{\"Name\":\"always\",\"MaximumRetryCount\":0}}}")
        }
    }

    static func asked(_ engine: FakeEngine) -> [String] {
        engine.requests.filter {
            $0.hasPrefix("GET /containers/") && $0.hasSuffix("/json") && $0 != "GET /containers/json"
        }
    }

    @Test("Each once and in order, whether the engine keeps connections or closes them", arguments: [true, false])
    func order(keepsConnections: Bool) throws {
        let bench = try Bench()
        let engine = FakeEngine(at: bench.socket, keepsConnections: keepsConnections) { Self.answer($0) }
        defer { engine.stop() }
        let result = try bench.run("generate", "systemd", "--systemd-version=252")
        #expect(result.status.code == 0 && result.error.isEmpty, "\(result.error)")
        let files = result.output.split(separator: "\n").filter { $0.hasPrefix("# sereno-n") }
        #expect(Set(files) == Set((0..<Self.count).map { "# sereno-n\($0).service" }) && files.count == Self.count)
        #expect(Self.asked(engine) == (0..<Self.count).map { "GET /containers/\(Self.id($0))/json" })

        let named = try bench.run("generate", "systemd", "--systemd-version=252", "n7", "n3")
        let units = named.output.split(separator: "\n\n# ")
        #expect(units.count == 2 && units.allSatisfy { result.output.contains($0) }, "\(named.output)")
    }

    @Test("What is refused is told by the container's name, and what is gone is left out", arguments: [true, false])
    func refusal(keepsConnections: Bool) throws {
        let bench = try Bench()
        let engine = FakeEngine(at: bench.socket, keepsConnections: keepsConnections) { exchange in
            Self.answer(exchange) { exchange, index in
                if index == 42 { exchange.answer(404, "{\"message\":\"No such container\"}") }
                if index == 150 { exchange.answer(500, "{\"message\":\"the disk is broken\"}") }
                return index == 42 || index == 150
            }
        }
        defer { engine.stop() }
        let refused = try bench.run("generate", "systemd")
        #expect(refused.status.code == 1 && refused.output.isEmpty)
        #expect(refused.error == "container n150: Error response from daemon: the disk is broken\n")
        let named = try bench.run("generate", "systemd", "n1", "n42")
        #expect(named.status.code == 1 && named.error.contains("No such container: n42"), "\(named.error)")
    }

    @Test("An engine that goes away in the middle is told, and is not asked for ever", arguments: [true, false])
    func gone(keepsConnections: Bool) throws {
        let bench = try Bench()
        let engine = FakeEngine(at: bench.socket, keepsConnections: keepsConnections) { exchange in
            Self.answer(exchange) { exchange, index in
                if index == 50 { shutdown(exchange.descriptor, Int32(SHUT_RDWR)) }
                return index == 50
            }
        }
        defer { engine.stop() }
        let result = try bench.run("generate", "systemd")
        #expect(result.status.code == 1 && result.output.isEmpty)
        #expect(result.error == "error during connect: GET /containers/\(Self.id(50))/json: EOF\n")
    }

    @Test("--check looks where the init system looks")
    func check() throws {
        let bench = try Bench()
        let engine = FakeEngine(at: bench.socket, keepsConnections: true) { Self.answer($0) }
        defer { engine.stop() }
        let words = ["generate", "systemd", "--user", "--systemd-version=252", "n1"]
        func run(_ more: String...) throws -> Command {
            try Command.run(
                try bench.words(words + more),
                environment: ["PATH=/usr/bin:/bin", "XDG_CONFIG_HOME=" + bench.directory.path])
        }
        let missing = try run("--check")
        #expect(missing.status.code == 1 && missing.output.contains("sereno-n1.service: "), "\(missing)")
        let place = bench.directory.child("systemd/user")
        try TestFiles.makeDirectories(place)
        try expect(run("--files", place))
        let same = try run("--check")
        #expect(same.succeeded && same.output.isEmpty, "\(same)")
        try TestFiles.write("edited", to: place + "/sereno-n1.service")
        #expect(try run("--check").status.code == 1)
    }
}
